/** Who may hear of what: by the permits with which the same person could read it now. What cannot be decided is not told. */
import type { Agreements } from '../agreements/index.ts'
import type { Identity } from '../identity/index.ts'
import type { Actor } from '../kernel/actor.ts'
import type { Ctx } from '../kernel/ctx.ts'
import { isHubError, unreachable } from '../kernel/errors.ts'
import type { AgreementId, RepoId } from '../kernel/ids.ts'
import type { Policy, RepoAction } from '../policy/index.ts'
import type { Concern } from './concerns.ts'

/** That something changed, never what. */
export interface Change {
  readonly topic: 'repo' | 'requests' | 'agreement' | 'approvals' | 'jobs'
  /** `model/lab/retina`, an agreement's id, an organisation's name; null for all of the topic. */
  readonly id: string | null
}

export interface AudienceDeps {
  readonly policy: Pick<Policy, 'require' | 'requireNamespace' | 'requireHub'>
  readonly identity: Pick<Identity, 'memberships'>
  readonly agreements: Pick<Agreements, 'agreement' | 'usedBy'>
}

type User = Extract<Actor, { kind: 'user' }>
export type UserCtx = Ctx & { readonly actor: User }

/** A refusal is an answer here: nobody asked. */
const orNothing = async <T>(asking: () => Promise<T>): Promise<T | undefined> => {
  try {
    return await asking()
  } catch (error) {
    if (isHubError(error)) return undefined
    throw error
  }
}

export const makeAudience = ({ policy, identity, agreements }: AudienceDeps) => {
  /** `model/lab/retina`; undefined where the person may not. */
  const repoFor = (ctx: UserCtx, action: RepoAction, repoId: RepoId) =>
    orNothing(async () => {
      const { repo } = await policy.require(ctx, action, repoId)
      return `${repo.type}/${repo.path}`
    })

  /** Organisations whose agreements and approvals the person may look at, with the leave to. */
  const lookedAfter = async function* (ctx: UserCtx) {
    for (const { orgId, orgName, role } of await identity.memberships(ctx.actor.id)) {
      if (role !== 'admin' && role !== 'auditor') continue
      const permit = await orNothing(() => policy.requireNamespace(ctx, 'namespace.audit', orgName))
      if (permit !== undefined) yield { orgId, permit }
    }
  }

  const looksAfter = async (ctx: UserCtx, orgId: string): Promise<string | undefined> => {
    for await (const one of lookedAfter(ctx)) {
      if (one.orgId === orgId) return one.permit.namespace.name
    }
    return undefined
  }

  const requestFor = async (
    ctx: UserCtx,
    { repoId, subjectId }: Extract<Concern, { kind: 'requests' }>,
  ): Promise<Change | undefined> => {
    const decided = await repoFor(ctx, 'repo.write', repoId)
    if (decided !== undefined) return { topic: 'requests', id: decided }
    const isOwn = subjectId === ctx.actor.id || (await looksAfter(ctx, subjectId)) !== undefined
    if (!isOwn) return undefined
    return { topic: 'requests', id: (await repoFor(ctx, 'repo.see', repoId)) ?? null }
  }

  const agreementFor = async (ctx: UserCtx, id: AgreementId): Promise<Change | undefined> => {
    for await (const { permit } of lookedAfter(ctx)) {
      const found = await orNothing(() => agreements.agreement(permit, id))
      if (found !== undefined) return { topic: 'agreement', id }
    }
    return undefined
  }

  /**
   * No repo is named: what ended may have been all that let them see it, and those who lost sight of it are those who must hear.
   */
  const useFor = async (
    ctx: UserCtx,
    { agreementId, byAll }: Extract<Concern, { kind: 'use' }>,
  ): Promise<Change | undefined> => {
    const used = await agreements.usedBy(agreementId)
    if (used === undefined || (byAll !== undefined && used.waitsForOthers[byAll])) return undefined
    const own = await identity.memberships(ctx.actor.id)
    const isUser = own.some(({ orgId }) => used.orgs.includes(orgId))
    return isUser ? { topic: 'repo', id: null } : undefined
  }

  const about = (topic: Change['topic'], id: string | undefined): Change | undefined =>
    id === undefined ? undefined : { topic, id }

  /** What the person hears of it; undefined for nothing. */
  const heardBy = async (ctx: UserCtx, concern: Concern): Promise<Change | undefined> => {
    switch (concern.kind) {
      case 'repo':
        return about('repo', await repoFor(ctx, concern.needs, concern.repoId))
      case 'requests':
        return requestFor(ctx, concern)
      case 'agreement':
        return agreementFor(ctx, concern.agreementId)
      case 'use':
        return useFor(ctx, concern)
      case 'approvals':
        return about('approvals', await looksAfter(ctx, concern.orgId))
      case 'jobs':
        return orNothing(() => {
          policy.requireHub(ctx)
          return Promise.resolve({ topic: 'jobs', id: null } as const)
        })
      default:
        return unreachable(concern)
    }
  }

  return async (ctx: UserCtx, concerns: readonly Concern[]): Promise<Change[]> => {
    const changes: Change[] = []
    for (const concern of concerns) {
      const change = await heardBy(ctx, concern)
      if (change !== undefined) changes.push(change)
    }
    return changes
  }
}
