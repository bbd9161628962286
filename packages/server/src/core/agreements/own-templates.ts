/** Templates that an organisation wrote for itself: each change is a new version, and a version never changes. */
import type { Ctx } from '../kernel/ctx.ts'
import { HubError } from '../kernel/errors.ts'
import { limits } from '../kernel/limits.ts'
import type { AgreementsDeps, LookPermit, OrgPermit } from './index.ts'
import type { BodyWish } from './draft.ts'
import { personOf } from './negotiate.ts'
import type { RepoRef } from '../policy/index.ts'
import { templates } from './templates/index.ts'
import { parseTemplate, readTemplate } from './templates/parse.ts'
import { fill, type Template, type TemplateValues } from './templates/template.ts'
import * as sql from './templates.sql.ts'

export interface OwnTemplates {
  /** The newest version of each, in order of their names. */
  ownTemplates(permit: LookPermit): Promise<readonly Template[]>
  /** Errors: `entry_not_found`. */
  ownTemplate(permit: LookPermit, name: string, version?: number): Promise<Template>
  /**
   * Writes the next version; the same again is no new one. It is tried out first: what cannot be filled, contradicts itself or claims more
   * than its terms back is refused. Errors: `invalid` with the place, `too_many`, `conflict` when another one was faster.
   */
  writeTemplate(ctx: Ctx, permit: OrgPermit, name: string, value: unknown): Promise<Template>
  /** Takes it out of the list; agreements made from it stay as they are. Errors: `entry_not_found`. */
  withdrawTemplate(ctx: Ctx, permit: OrgPermit, name: string): Promise<void>
  /** One of the hub's, or one that the owner of this repo wrote, its name after the owner's. Errors: `entry_not_found`. */
  needTemplate(repo: Pick<RepoRef, 'path' | 'ownerId'>, id: string): Promise<void>
  /** Errors: `entry_not_found`; `invalid` with the field in its details. */
  fillOwn(
    permit: LookPermit,
    name: string,
    values: TemplateValues,
  ): Promise<Omit<BodyWish, 'repos'>>
}

const nameForm = /^[a-z0-9][a-z0-9-]{0,63}$/

const missing = (name: string): HubError =>
  new HubError('entry_not_found', `This organisation has no template "${name.slice(0, 64)}".`)

export const makeOwnTemplates = ({
  db,
  events,
  clock,
}: Pick<AgreementsDeps, 'db' | 'events' | 'clock'>): OwnTemplates => {
  /** What agreements call it: the organisation's name before its own. */
  const idOf = ({ namespace }: LookPermit, name: string): string => `${namespace.name}/${name}`

  const read = (permit: LookPermit, row: { name: string; version: number; body: string }) =>
    readTemplate(JSON.parse(row.body), { id: idOf(permit, row.name), version: row.version })

  const ownTemplate = async (permit: LookPermit, name: string, version?: number) => {
    const row = await sql.templateOf(db.read, permit.namespace.id, { name, version })
    if (row === undefined) throw missing(name)
    return read(permit, row)
  }

  return {
    ownTemplate,

    async needTemplate({ path, ownerId }, id) {
      if (templates.some((one) => one.id === id)) return
      const owner = path.slice(0, path.indexOf('/'))
      const name = id.startsWith(`${owner}/`) ? id.slice(owner.length + 1) : undefined
      const row = name && (await sql.templateOf(db.read, ownerId, { name, version: undefined }))
      if (row) return
      const known = templates.map((one) => one.id).join(', ')
      throw new HubError(
        'entry_not_found',
        `There is no template "${id.slice(0, 200)}". There are ${known}, and those that ${owner} wrote, as ${owner}/name.`,
      )
    },

    async ownTemplates(permit) {
      const rows = await sql.newestOf(db.read, permit.namespace.id, limits.templatesPerOrgMax)
      return rows.map((row) => read(permit, row))
    },

    async writeTemplate(ctx, permit, name, value) {
      const { namespace } = permit
      if (!nameForm.test(name)) {
        const expected = 'small letters, digits and dashes, such as our-research'
        throw new HubError(
          'invalid',
          `The name of a template is of ${expected}, found "${name.slice(0, 64)}".`,
        )
      }
      const newest = await sql.templateOf(db.read, namespace.id, { name, version: undefined })
      const version = (await sql.lastVersionOf(db.read, namespace.id, name)) + 1
      const { template, text: body } = parseTemplate(value, { id: idOf(permit, name), version })
      if (newest?.body === body) return { ...template, version: newest.version }
      if (version > limits.templateVersionsMax) {
        throw new HubError(
          'too_many',
          `${limits.templateVersionsMax} versions were written. Begin another template.`,
        )
      }
      const known = await sql.newestOf(db.read, namespace.id, limits.templatesPerOrgMax)
      if (newest === undefined && known.length >= limits.templatesPerOrgMax) {
        throw new HubError(
          'too_many',
          `${namespace.name} has ${known.length} templates. Withdraw one first.`,
        )
      }
      const write = db.tx(async (q, after) => {
        await sql.insertTemplate(q, {
          org_id: namespace.id,
          name,
          version,
          body,
          created_by: personOf(permit)?.id ?? null,
          created_at_ms: clock.nowMs(),
          withdrawn_at_ms: null,
        })
        const payload = { orgId: namespace.id, template: name, version }
        await events.append({ q, after, ctx }, 'template_written', payload)
      })
      await write.catch((error: unknown) => {
        if (!db.flavor.isUniqueViolation(error)) throw error
        throw new HubError(
          'conflict',
          `Somebody else wrote version ${version} of "${name}" in the meantime. Look at it, then write again.`,
        )
      })
      return template
    },

    async withdrawTemplate(ctx, { namespace }, name) {
      await db.tx(async (q, after) => {
        const found = await sql.withdrawTemplate(q, namespace.id, { name, atMs: clock.nowMs() })
        if (!found) throw missing(name)
        const payload = { orgId: namespace.id, template: name }
        await events.append({ q, after, ctx }, 'template_withdrawn', payload)
      })
    },

    fillOwn: async (permit, name, values) => fill(await ownTemplate(permit, name), values),
  }
}
