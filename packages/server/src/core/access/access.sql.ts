import { sql, type SqlBool } from 'kysely'
import type { Querier } from '#db/flavor.ts'
import type { AccessState, NewRow, Row } from '#db/schema.ts'
import type { AccessRequestId, AccountId, AgreementId, RepoId } from '../kernel/ids.ts'
import { likePattern } from '../kernel/like.ts'
import { inForce } from '../policy/index.ts'

export type RequestRow = Row<'access_request'> & {
  subject_kind: 'user' | 'org'
  subject_name: string
  subject_full_name: string
  subject_email: string | null
  reviewer_name: string | null
  reviewer_full_name: string | null
  agreeing_name: string | null
}

const requests = (q: Querier) =>
  q
    .selectFrom('access_request')
    .innerJoin('account as subject', 'subject.id', 'access_request.subject_id')
    .leftJoin('account as reviewer', 'reviewer.id', 'access_request.reviewed_by')
    .leftJoin('account as agreeing', 'agreeing.id', 'access_request.for_org_id')
    .selectAll('access_request')
    .select([
      'agreeing.name as agreeing_name',
      'subject.kind as subject_kind',
      'subject.name as subject_name',
      'subject.full_name as subject_full_name',
      'subject.email as subject_email',
      'reviewer.name as reviewer_name',
      'reviewer.full_name as reviewer_full_name',
    ])

export const requestOf = async (
  q: Querier,
  repoId: RepoId,
  subjectId: AccountId,
): Promise<Row<'access_request'> | undefined> =>
  q
    .selectFrom('access_request')
    .selectAll()
    .where('repo_id', '=', repoId)
    .where('subject_id', '=', subjectId)
    .executeTakeFirst()

export const requestById = async (
  q: Querier,
  repoId: RepoId,
  id: AccessRequestId,
): Promise<Row<'access_request'> | undefined> =>
  q
    .selectFrom('access_request')
    .selectAll()
    .where('repo_id', '=', repoId)
    .where('id', '=', id)
    .executeTakeFirst()

export const describedRequest = async (
  q: Querier,
  repoId: RepoId,
  subjectId: AccountId,
): Promise<RequestRow | undefined> =>
  requests(q)
    .where('access_request.repo_id', '=', repoId)
    .where('access_request.subject_id', '=', subjectId)
    .executeTakeFirst()

/** One row for each subject at each gate: a second one replaces the first, under its id. */
export const putRequest = async (q: Querier, row: NewRow<'access_request'>): Promise<void> => {
  const { id: _id, repo_id: _repo, subject_id: _subject, ...rest } = row
  await q
    .insertInto('access_request')
    .values(row)
    .onConflict((c) => c.columns(['repo_id', 'subject_id']).doUpdateSet(rest))
    .execute()
}

export const deleteRequest = async (q: Querier, id: AccessRequestId): Promise<void> => {
  await q.deleteFrom('access_request').where('id', '=', id).execute()
}

export const keepTerms = async (q: Querier, row: NewRow<'gate_terms'>): Promise<void> => {
  await q
    .insertInto('gate_terms')
    .values(row)
    .onConflict((c) => c.column('sha256').doNothing())
    .execute()
}

export const termsBody = async (q: Querier, sha256: string): Promise<string | undefined> =>
  (await q.selectFrom('gate_terms').select('body').where('sha256', '=', sha256).executeTakeFirst())
    ?.body

export interface RequestPage {
  readonly state: AccessState
  /** Part of a name, a full name or a mail address, in any letter case. */
  readonly word: string | undefined
  /** Older than this one, or newer. */
  readonly after: AccessRequestId | undefined
  readonly before: AccessRequestId | undefined
  readonly nowMs: number
  readonly limit: number
}

/** Newest first; an acceptance that has ended is none. */
export const pageOfRequests = async (
  q: Querier,
  repoId: RepoId,
  { state, word, after, before, nowMs, limit }: RequestPage,
): Promise<RequestRow[]> => {
  let query = requests(q)
    .where('access_request.repo_id', '=', repoId)
    .where('access_request.state', '=', state)
    .where(inForce('access_request', nowMs))
  if (word !== undefined) {
    const pattern = likePattern(word)
    const texts = ['subject.name', 'subject.full_name', 'subject.email']
    query = query.where((eb) =>
      eb.or(
        texts.map(
          (text) => sql<SqlBool>`lower(coalesce(${sql.ref(text)}, '')) like ${pattern} escape '\\'`,
        ),
      ),
    )
  }
  if (after !== undefined) query = query.where('access_request.id', '<', after)
  if (before === undefined) {
    return query.orderBy('access_request.id', 'desc').limit(limit).execute()
  }
  const rows = await query
    .where('access_request.id', '>', before)
    .orderBy('access_request.id', 'asc')
    .limit(limit)
    .execute()
  return rows.toReversed()
}

/** All of a repo in order of id, whatever their state, ended ones too. */
export const requestsAfter = async (
  q: Querier,
  repoId: RepoId,
  after: string,
  limit: number,
): Promise<RequestRow[]> =>
  requests(q)
    .where('access_request.repo_id', '=', repoId)
    .where('access_request.id', '>', after as AccessRequestId)
    .orderBy('access_request.id')
    .limit(limit)
    .execute()

export interface AroundPage {
  /** Pending ones at repos of the account and of its organisations, or its own ones in whatever state. */
  readonly whose: 'owned' | 'asked'
  readonly after: string
  readonly nowMs: number
  readonly limit: number
}

/** Newest first, of every repo. */
export const requestsAround = async (
  q: Querier,
  accountId: AccountId,
  { whose, after, nowMs, limit }: AroundPage,
): Promise<RequestRow[]> => {
  let query = requests(q)
  if (whose === 'asked') query = query.where('access_request.subject_id', '=', accountId)
  else {
    query = query
      .where('access_request.state', '=', 'pending')
      .innerJoin('repo', 'repo.id', 'access_request.repo_id')
      .where((eb) =>
        eb.or([
          eb('repo.owner_id', '=', accountId),
          eb(
            'repo.owner_id',
            'in',
            eb
              .selectFrom('membership')
              .select('membership.org_id')
              .where('membership.user_id', '=', accountId)
              .where(inForce('membership', nowMs)),
          ),
        ]),
      )
  }
  // A cast because the id of a page's end is all that is compared.
  if (after !== '') query = query.where('access_request.id', '<', after as AccessRequestId)
  return query.orderBy('access_request.id', 'desc').limit(limit).execute()
}

/** Requests that an agreement may settle, in order of id, after the given one: they wait for it, or for one between the same about the same. */
export const waitingFor = async (
  q: Querier,
  {
    agreementId,
    repos,
    orgs,
  }: { agreementId: AgreementId; repos: readonly RepoId[]; orgs: readonly AccountId[] },
  { after, limit }: { after: string; limit: number },
): Promise<Row<'access_request'>[]> =>
  q
    .selectFrom('access_request')
    .selectAll()
    .where((eb) =>
      repos.length === 0 || orgs.length === 0
        ? eb('agreement_id', '=', agreementId)
        : eb.or([
            eb('agreement_id', '=', agreementId),
            eb.and([eb('repo_id', 'in', repos), eb('for_org_id', 'in', orgs)]),
          ]),
    )
    // A cast because a cursor is compared and not looked up.
    .where('id', '>', after as AccessRequestId)
    .orderBy('id')
    .limit(limit)
    .execute()
