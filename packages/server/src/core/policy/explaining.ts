/** Who is told what of a decision: everybody of their own; of others those who look after them, and whoever shares the repo with them. */
import { createHash } from 'node:crypto'
import { canonicalJson } from '@weighhouse/formats/json/canonical.ts'
import type { Database } from '#db/connect.ts'
import type { RepoType } from '#db/schema.ts'
import { type Actor, actorIdOf } from '../kernel/actor.ts'
import type { Ctx } from '../kernel/ctx.ts'
import { HubError } from '../kernel/errors.ts'
import type { RepoAction } from './decide.ts'
import { type Explanation, explainRepo } from './explain.ts'
import { isAmong, type Subject, subjectNamed } from './explain.sql.ts'
import { epochOf, type Knowledge, type RepoName } from './knowledge.ts'
import { type Looking, toldOf } from './looking.ts'
import { notFound } from './refusals.ts'

export interface Explained extends Explanation {
  readonly repo: { readonly type: RepoType; readonly path: string; readonly owner: string }
  readonly action: RepoAction
  /** Whom it is about; undefined for nobody who is signed in. */
  readonly as: { readonly name: string; readonly kind: 'user' | 'org' } | undefined
  /** Names this answer: the same facts give the same one. */
  readonly id: string
  readonly epoch: string
  readonly atMs: number
}

const prefixes: Readonly<Record<RepoType, string>> = {
  model: '',
  dataset: 'datasets/',
  space: 'spaces/',
  kernel: 'kernels/',
}

/** As whoever they are would ask with a token that may all. Of an organisation: what is asked in its own name. */
export const actorOf = ({
  id,
  name,
  is_admin: isAdmin,
  service_of: serviceOf,
}: Subject): Actor => ({
  kind: 'user',
  id,
  name,
  isAdmin: isAdmin === 1,
  tokenRole: 'write',
  ...(serviceOf === null ? {} : { serviceOf }),
})

export const runsHub = (actor: Actor): boolean =>
  actor.kind === 'system' || (actor.kind === 'user' && actor.isAdmin && actor.tokenRole === 'write')

export interface ExplainingDeps {
  readonly db: Database
  readonly knowledge: Knowledge
  readonly looking: Looking
}

export const makeExplaining = ({ db, knowledge, looking }: ExplainingDeps) => {
  const { askerOf, know, facts } = knowledge

  /** One refusal for whom there is not and for whom it is not theirs to ask about. */
  const subjectFor = async (ctx: Ctx, target: RepoName, name: string): Promise<Subject> => {
    const subject = await subjectNamed(db.read, name)
    if (subject !== undefined && (await mayAskAbout(ctx, target, subject))) return subject
    throw new HubError(
      'permission_denied',
      `You may ask about yourself, about people of organisations that you administer or audit, and about organisations with which you share a repo that you administer: "${name}" is none of them.`,
      { reason: 'not_yours_to_ask' },
    )
  }

  const mayAskAbout = async (
    { actor, ip }: Ctx,
    target: RepoName,
    subject: Subject,
  ): Promise<boolean> => {
    if (runsHub(actor) || actorIdOf(actor) === subject.id) return true
    if (actor.kind === 'anonymous') return false
    if (await isAmong(db.read, subject, await looking(actor), askerOf(actor).nowMs)) return true
    if (subject.kind === 'user') return false
    return (await know(actor, target, ip))?.decision('repo.admin').allowed === true
  }

  /** Errors: `repo_not_found`, missing or hidden from the asker; `permission_denied` to ask about somebody else. */
  return async (
    ctx: Ctx,
    action: RepoAction,
    target: RepoName,
    as: string | undefined,
  ): Promise<Explained> => {
    const seen = await know(ctx.actor, target, ctx.ip)
    if (seen?.decision('repo.see').allowed !== true) throw notFound(ctx.actor)
    const subject = as === undefined ? undefined : await subjectFor(ctx, target, as)
    const isSelf = subject === undefined || subject.id === actorIdOf(ctx.actor)
    const actor = isSelf ? ctx.actor : actorOf(subject)
    const found = await facts(actor, target, {
      ip: isSelf ? ctx.ip : undefined,
      orgId: subject?.kind === 'org' ? subject.id : undefined,
    })
    if (found === undefined) throw notFound(ctx.actor)
    const { row, ends, atMs } = found
    const isWhole = isSelf || subject.kind === 'org' || runsHub(ctx.actor)
    const orgs = isWhole ? undefined : await looking(ctx.actor)
    const mayBeTold = toldOf(found.facts, (orgId) => orgs?.has(orgId) ?? true)
    const repoFacts = await knowledge.withLastWords(actor, mayBeTold)
    const path = `${row.owner_name}/${row.name}`
    const named = { page: `/${prefixes[row.type]}${path}`, owner: row.owner_name }
    const explanation = explainRepo(actor, action, repoFacts, { named, ends })
    const epoch = epochOf(row)
    const inputs = canonicalJson({
      actor: actorIdOf(actor) ?? actor.kind,
      action,
      repo: row.id,
      epoch,
      code: explanation.code,
      agreements: repoFacts.agreements.map(({ id, body }) => `${id}/${body.version}`),
    })
    return {
      ...explanation,
      repo: { type: row.type, path, owner: row.owner_name },
      action,
      as:
        subject ?? (ctx.actor.kind === 'user' ? { name: ctx.actor.name, kind: 'user' } : undefined),
      id: createHash('sha256').update(inputs).digest('hex').slice(0, 32),
      epoch,
      atMs,
    }
  }
}
