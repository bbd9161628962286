/** Whom a matrix of access has rows for. */
import type { Querier } from '#db/flavor.ts'
import type { AccountId, GroupId, RepoId, TeamId } from '../kernel/ids.ts'
import type { Subject } from './explain.sql.ts'
import { inForce } from './conditions.sql.ts'

export interface SubjectPage {
  /** Key of the last name of the page before. */
  readonly after: string
  readonly limit: number
  readonly nowMs: number
}

const accounts = (q: Querier, { after, limit }: SubjectPage) =>
  q
    .selectFrom('account')
    .select(['id', 'name', 'kind', 'is_admin', 'service_of'])
    .where('disabled_at_ms', 'is', null)
    .where('name_key', '>', after)
    .orderBy('name_key')
    .limit(limit)

const memberIds = (q: Querier, orgId: AccountId, nowMs: number) =>
  q
    .selectFrom('membership')
    .select('membership.user_id')
    .where('membership.org_id', '=', orgId)
    .where(inForce('membership', nowMs))

/** Members and service accounts of an organisation, in order of name. */
export const peopleOf = async (
  q: Querier,
  orgId: AccountId,
  page: SubjectPage,
): Promise<Subject[]> =>
  accounts(q, page)
    .where((eb) =>
      eb.or([
        eb('account.service_of', '=', orgId),
        eb('account.id', 'in', memberIds(q, orgId, page.nowMs)),
      ]),
    )
    .execute()

const takingRoles = ['consumer', 'member'] as const
const knownLives = ['scheduled', 'active', 'suspended', 'closing'] as const

/**
 * Everybody for whom a repo's owner has something to say, in order of name: its own people, those with a grant by themselves or in a team,
 * those who asked at its gate, and organisations that are given something by an agreement about it.
 */
export const subjectsOf = async (
  q: Querier,
  { id, ownerId, groupId }: { id: RepoId; ownerId: AccountId; groupId: GroupId | null },
  page: SubjectPage,
): Promise<Subject[]> => {
  const targets = groupId === null ? [id] : [id, groupId]
  const granted = (kind: 'user' | 'team') =>
    q
      .selectFrom('access_grant')
      .where('access_grant.target_id', 'in', targets)
      .where('access_grant.grantee_kind', '=', kind)
      .where(inForce('access_grant', page.nowMs))
  const asked = q
    .selectFrom('access_request')
    .select('access_request.subject_id')
    .where('access_request.repo_id', '=', id)
    .where(inForce('access_request', page.nowMs))
  const taking = q
    .selectFrom('agreement_repo')
    .innerJoin('agreement', 'agreement.id', 'agreement_repo.agreement_id')
    .innerJoin('agreement_party', 'agreement_party.agreement_id', 'agreement.id')
    .select('agreement_party.org_id')
    .where('agreement_repo.repo_id', '=', id)
    .where('agreement.life', 'in', knownLives)
    .where('agreement_party.role', 'in', takingRoles)
  return accounts(q, page)
    .where((eb) =>
      eb.or([
        eb('account.id', '=', ownerId),
        eb('account.service_of', '=', ownerId),
        eb('account.id', 'in', memberIds(q, ownerId, page.nowMs)),
        // Casts because grantees of these kinds are accounts and teams.
        eb(
          'account.id',
          'in',
          granted('user').select('grantee_id').$castTo<{ grantee_id: AccountId }>(),
        ),
        eb(
          'account.id',
          'in',
          q
            .selectFrom('team_member')
            .select('team_member.user_id')
            .where(
              'team_member.team_id',
              'in',
              granted('team').select('grantee_id').$castTo<{ grantee_id: TeamId }>(),
            ),
        ),
        eb('account.id', 'in', asked),
        eb('account.id', 'in', taking),
      ]),
    )
    .execute()
}
