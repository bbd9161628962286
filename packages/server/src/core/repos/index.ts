/**
 * The repos room: that a repo exists, what it is called, who owns it, who may see it. What is in it belongs to the rooms on its right.
 *
 * Invariants: names are unique per type and owner in any letter case; an old name leads to a moved repo until somebody takes it; whatever
 * changes access raises the policy epoch.
 */
import type { Database } from '#db/connect.ts'
import type { Querier } from '#db/flavor.ts'
import type { GateKind, HoldKind, RepoType, Row, Visibility } from '#db/schema.ts'
import type { Events, Tx } from '../events/index.ts'
import { refuseName, repoNameProblem } from '../identity/index.ts'
import type { Ctx } from '../kernel/ctx.ts'
import { HubError } from '../kernel/errors.ts'
import type { AccountId, GroupId, IdMaker, RepoId } from '../kernel/ids.ts'
import type { Clock } from '../kernel/time.ts'
import type {
  BrowsePermit,
  NamespacePermit,
  NamespaceRef,
  Permit,
  RepoRef,
} from '../policy/index.ts'
import { type Holds, makeHolds } from './holds.ts'
import { gateAfter, gateOf, isSameGate, shownGate } from './gate.ts'
import * as sql from './repos.sql.ts'

export interface Repo {
  readonly id: RepoId
  readonly type: RepoType
  /** `owner/name`. */
  readonly path: string
  readonly owner: string
  readonly visibility: Visibility
  readonly hold: HoldKind | undefined
  readonly createdAtMs: number
  readonly updatedAtMs: number
  readonly downloads: number
  readonly likes: number
  readonly gate: GateKind | undefined
}

export interface NewRepo {
  readonly type: RepoType
  readonly name: string
  readonly visibility: Visibility
  readonly gate?: GateKind
}

/** What is to change of a gate. */
export interface GateWish {
  /** Null takes the gate away; requests are kept for the day it comes back. */
  readonly kind?: GateKind | null
  readonly coversMembers?: boolean
  /** By which template the owner agrees with those who ask; the gate is one that somebody opens. Null for no agreement. */
  readonly template?: string | null
}

export interface GateNow {
  readonly kind: GateKind | undefined
  readonly coversMembers: boolean
  readonly template: string | undefined
}

/** To whom a repo is about to be shown. */
export type Audience = 'everybody' | { readonly orgs: readonly AccountId[] }

/** What is given, all of one owner: by that owner, or by somebody who reads it as `reading` says. */
export interface Given {
  readonly ids: readonly RepoId[]
  readonly reading?: RepoRef['reading']
}

/** Asked inside every transaction that lets more people see a repo. Errors: `licence_blocked`. */
export interface ShareGuard {
  refuse(q: Querier, id: RepoId, to: Audience): Promise<void>
  /** The same for a repo that goes to another owner. */
  refuseHandover(q: Querier, id: RepoId, owner: AccountId): Promise<void>
  /** The same for accounts that are given a copy, or a role. */
  refuseGiving(q: Querier, what: Given, to: readonly AccountId[]): Promise<void>
}

export interface Repos extends Holds {
  /** Writes the row inside the caller's transaction. Errors: `invalid` name, `exists` (details.path). */
  insert(tx: Tx, namespace: NamespaceRef, repo: NewRepo): Promise<Repo>
  /** Undefined when it has been deleted since the permit was made. */
  get(permit: Permit<'repo.see'> | BrowsePermit): Promise<Repo | undefined>
  /** The names go at once; bytes nobody else needs follow after the grace period. Errors: `conflict` under a legal hold. */
  delete(ctx: Ctx, permit: Permit<'repo.admin'>): Promise<void>
  /** The same inside the caller's transaction, for those who have decided already. */
  remove(tx: Tx, repo: Pick<RepoRef, 'id' | 'type' | 'path'>): Promise<void>
  /** Puts a repo into a resource group of its owner, or takes it out, inside the caller's transaction. */
  setGroup(q: Querier, id: RepoId, groupId: GroupId | null): Promise<void>
  /** Renames or hands over. Old names lead to the new one. Errors: `invalid`, `exists`, `licence_blocked`. */
  move(
    ctx: Ctx,
    permit: Permit<'repo.admin'>,
    to: { namespace: NamespacePermit<'namespace.create'>; name: string },
  ): Promise<string>
  /** Errors: `licence_blocked`. */
  setVisibility(ctx: Ctx, permit: Permit<'repo.admin'>, visibility: Visibility): Promise<void>
  gate(permit: Permit<'repo.admin'>): Promise<GateNow>
  /** Answers the gate as it is now. Errors: `invalid` for a template at a gate that opens by itself, or at none. */
  setGate(ctx: Ctx, permit: Permit<'repo.admin'>, wish: GateWish): Promise<GateNow>
  /** Notes that somebody's access has changed, inside the caller's transaction: tickets are decided again. */
  raiseEpoch(q: Querier, id: RepoId): Promise<void>
  /** Counts likes up or down, inside the caller's transaction. */
  addLikes(q: Querier, id: RepoId, by: 1 | -1): Promise<void>
  /** Notes a change of content, inside the caller's transaction. */
  touch(q: Querier, id: RepoId): Promise<void>
  addDownloads(counts: ReadonlyMap<RepoId, number>): Promise<void>
  /** Where a repo is, whoever may see it. */
  whereabouts(
    q: Querier,
    id: RepoId,
  ): Promise<{ path: string; ownerId: AccountId; visibility: Visibility } | undefined>
  /** Every repo in order of id, after the given one, whoever may see it: for the hub's own tools. */
  each(q: Querier, after: string, limit: number): Promise<Repo[]>
}

export interface ReposDeps {
  readonly db: Database
  readonly events: Events
  readonly shareGuard: ShareGuard
  readonly clock: Clock
  readonly ids: IdMaker
}

const toRepo = (row: Row<'repo'>, owner: string): Repo => ({
  id: row.id,
  type: row.type,
  path: `${owner}/${row.name}`,
  owner,
  visibility: row.visibility,
  hold: row.hold ?? undefined,
  createdAtMs: row.created_at_ms,
  updatedAtMs: row.updated_at_ms,
  downloads: row.downloads,
  likes: row.likes,
  gate: row.gate ?? undefined,
})

/** Of a wider one more people see the repo. */
const reach: Readonly<Record<Visibility, number>> = { private: 0, internal: 1, public: 2 }

const ownerOf = (path: string): string => path.slice(0, path.indexOf('/'))

export const makeRepos = ({ db, events, shareGuard, clock, ids }: ReposDeps): Repos => {
  const taken = (type: RepoType, path: string): HubError =>
    new HubError('exists', `A ${type} repository called ${path} exists already.`, { path, type })

  const remove: Repos['remove'] = async (tx, { id, type, path }) => {
    // Asked again here, since a deletion may wait for a second person while a hold comes.
    if ((await sql.repoById(tx.q, id))?.hold === 'legal_hold') {
      throw new HubError(
        'conflict',
        `${path} is under a legal hold: it cannot be deleted until the hold is lifted.`,
      )
    }
    await sql.deleteRepo(tx.q, id)
    await events.append(tx, 'repo_deleted', { type, path }, id)
  }

  return {
    async insert(tx, namespace, wish) {
      refuseName('repository', wish.name, repoNameProblem(wish.name))
      const nowMs = clock.nowMs()
      const path = `${namespace.name}/${wish.name}`
      const nameKey = wish.name.toLowerCase()
      const found = await sql.repoIdByName(tx.q, {
        type: wish.type,
        ownerId: namespace.id,
        nameKey,
      })
      if (found !== undefined) throw taken(wish.type, path)
      const row: Row<'repo'> = {
        id: ids<RepoId>(),
        type: wish.type,
        owner_id: namespace.id,
        name: wish.name,
        name_key: nameKey,
        visibility: wish.visibility,
        hold: null,
        created_at_ms: nowMs,
        updated_at_ms: nowMs,
        policy_epoch: 0,
        downloads: 0,
        likes: 0,
        gate: wish.gate ?? null,
        gate_covers_members: 0,
        gate_template: null,
        group_id: null,
      }
      await sql.deleteAlias(tx.q, wish.type, path.toLowerCase())
      await sql.insertRepo(tx.q, row)
      const payload = { type: wish.type, path, visibility: wish.visibility }
      await events.append(tx, 'repo_created', payload, row.id)
      return toRepo(row, namespace.name)
    },

    async get({ repo }) {
      const row = await sql.repoById(db.read, repo.id)
      return row === undefined ? undefined : toRepo(row, ownerOf(repo.path))
    },

    delete: (ctx, { repo }) => db.tx((q, after) => remove({ q, after, ctx }, repo)),

    remove,

    ...makeHolds({ db, events }),

    setGroup: sql.setGroup,

    async move(ctx, { repo }, { namespace: { namespace }, name }) {
      refuseName('repository', name, repoNameProblem(name))
      const path = `${namespace.name}/${name}`
      await db.tx(async (q, after) => {
        const nameKey = name.toLowerCase()
        const key = { type: repo.type, ownerId: namespace.id, nameKey }
        const found = await sql.repoIdByName(q, key)
        if (found !== undefined && found !== repo.id) throw taken(repo.type, path)
        if (namespace.id !== repo.ownerId) {
          await shareGuard.refuseHandover(q, repo.id, namespace.id)
        }
        const atMs = clock.nowMs()
        await sql.deleteAlias(q, repo.type, path.toLowerCase())
        await sql.renameRepo(q, repo.id, { ownerId: namespace.id, name, atMs })
        // Groups belong to an owner.
        if (namespace.id !== repo.ownerId) await sql.setGroup(q, repo.id, null)
        const pathKey = repo.path.toLowerCase()
        if (pathKey !== path.toLowerCase()) {
          const alias = { type: repo.type, path_key: pathKey, repo_id: repo.id }
          await sql.upsertAlias(q, { ...alias, created_at_ms: atMs })
        }
        const payload = { type: repo.type, from: repo.path, to: path }
        await events.append({ q, after, ctx }, 'repo_moved', payload, repo.id)
      })
      return path
    },

    setVisibility: (ctx, { repo }, visibility) =>
      db.tx(async (q, after) => {
        if (repo.visibility === visibility) return
        if (reach[visibility] > reach[repo.visibility]) {
          await shareGuard.refuse(q, repo.id, 'everybody')
        }
        await sql.setVisibility(q, repo.id, visibility)
        const payload = { from: repo.visibility, to: visibility }
        await events.append({ q, after, ctx }, 'repo_visibility_changed', payload, repo.id)
      }),

    gate: async ({ repo }) => shownGate(gateOf(await sql.repoById(db.read, repo.id))),

    setGate: (ctx, { repo }, wish) =>
      db.tx(async (q, after) => {
        const row = await sql.repoById(q, repo.id)
        const from = gateOf(row)
        const to = gateAfter(from, wish)
        if (isSameGate(from, to)) return shownGate(to)
        const gate_covers_members = to.coversMembers ? 1 : 0
        await sql.setGate(q, repo.id, {
          gate: to.kind,
          gate_covers_members,
          gate_template: to.template,
        })
        await events.append({ q, after, ctx }, 'gate_changed', { from, to }, repo.id)
        return shownGate(to)
      }),

    raiseEpoch: (q, id) => sql.raiseEpoch(q, id),

    addLikes: (q, id, by) => sql.addLikes(q, id, by),

    touch: (q, id) => sql.touchRepo(q, id, clock.nowMs()),

    addDownloads: (counts) =>
      db.tx(async (q) => {
        for (const [id, count] of counts) await sql.addDownloads(q, id, count)
      }),

    whereabouts: sql.whereabouts,

    each: async (q, after, limit) =>
      (await sql.reposAfter(q, after, limit)).map((row) => toRepo(row, row.owner_name)),
  }
}
export { type DownloadCounter, startDownloadCounter } from './downloads.ts'
