/** What people and parties put on record: that they accept restrictions, that something was done. */
import type { Folder } from '@weighhouse/formats/agreement/folder.ts'
import type { Row } from '#db/schema.ts'
import type { Ctx } from '../kernel/ctx.ts'
import { HubError } from '../kernel/errors.ts'
import type { AccountId, AgreementId } from '../kernel/ids.ts'
import type { AccountPermit } from '../policy/index.ts'
import { type Chain, folderOf, noAgreement, type Plan, type Said } from './chain.ts'
import type { Drafts } from './draft.ts'
import * as grants from './grants.sql.ts'
import type { AgreementsDeps, OrgPermit } from './index.ts'
import { personOf } from './negotiate.ts'
import { makeOpened } from './opened.ts'

export interface Assents {
  /**
   * A person accepts the restrictions of the version in force, for themselves. `seen` is the SHA-256 of the text that they have read.
   * Errors: `entry_not_found`; `conflict`, also where another text is in force than the one that was read.
   */
  accept(
    ctx: Ctx,
    permit: AccountPermit,
    id: AgreementId,
    { orgName, seen }: { orgName: string; seen?: string },
  ): Promise<void>
  /** The same for a service account of the party, which reads nothing: by an administrator who speaks for it. Errors: as `accept`. */
  acceptFor(ctx: Ctx, permit: OrgPermit, id: AgreementId, service: string): Promise<void>
  /** A providing party notes that a precondition was met, such as a payment. Errors: `entry_not_found`, `permission_denied`. */
  noteDone(
    ctx: Ctx,
    permit: OrgPermit,
    id: AgreementId,
    precondition: { rule: string; name: string },
  ): Promise<void>
}

const gives = (folder: Folder, orgId: AccountId): boolean =>
  folder.parties.some(({ org, role }) => org === orgId && role !== 'consumer')

export const makeAssents = (
  deps: AgreementsDeps,
  { chain, drafts }: { chain: Chain; drafts: Drafts },
): Assents => {
  const { db, identity } = deps
  const { open, needSigned, raise } = makeOpened(deps)

  /** Restrictions of the version in force are accepted, by somebody for one account: of the one at that moment, and once. */
  const assent = async (
    ctx: Ctx,
    row: Row<'agreement'>,
    {
      org,
      actor,
      subject,
      seen,
    }: Pick<Said, 'actor'> & { org: AccountId; subject: AccountId; seen?: string | undefined },
  ): Promise<void> => {
    const plan: Plan['plan'] = async (folder) => {
      const { version, sha256 } = needSigned(folder)
      if (seen !== undefined && seen !== sha256) {
        throw new HubError(
          'conflict',
          `Another text is in force than the one you have read: version ${version}. Read that, then accept it.`,
          { reason: 'text_changed' },
        )
      }
      const before = await grants.assentOf(db.read, { id: row.id, accountId: subject })
      if (before !== undefined && before >= version) return []
      return [
        {
          said: { kind: 'assent_given', org, actor, data: { version, sha256, subject } },
          beside: ({ q }, { atMs }) =>
            grants.putAssent(q, {
              agreement_id: row.id,
              account_id: subject,
              version,
              at_ms: atMs,
            }),
        },
      ]
    }
    await chain.sayAll(ctx, row, { by: org, plan })
  }

  return {
    async accept(ctx, { own, actor }, id, { orgName, seen }) {
      const org = await identity.need(orgName, 'org')
      const row = await open(org.id, id)
      if ((await identity.roleIn(org.id, own)) === undefined) throw noAgreement()
      const person = { id: own, name: actor.name }
      await assent(ctx, row, { org: org.id, actor: person, subject: own, seen })
    },

    async acceptFor(ctx, permit, id, service) {
      const { namespace } = permit
      const row = await open(namespace.id, id)
      const account = await identity.need(service, 'user')
      if (account.serviceOf !== namespace.id) {
        throw new HubError(
          'invalid',
          `${account.name} is no service account of ${namespace.name}. People accept restrictions for themselves.`,
          { reason: 'not_a_service_account' },
        )
      }
      const actor = personOf(permit)
      await assent(ctx, row, { org: namespace.id, actor, subject: account.id })
    },

    async noteDone(ctx, permit, id, { rule, name }) {
      const { namespace } = permit
      const row = await open(namespace.id, id)
      const folder = folderOf(row)
      const { version } = needSigned(folder)
      if (!gives(folder, namespace.id)) {
        throw new HubError(
          'permission_denied',
          'The party that gives says that something was done.',
          {
            reason: 'provider_needed',
          },
        )
      }
      const { terms } = await drafts.read(row, version)
      const known = terms.permissions.find((one) => one.id === rule)?.preconditions
      if (known?.some((one) => one.name === name) !== true) {
        throw new HubError('entry_not_found', `No permission "${rule}" waits for "${name}" here.`)
      }
      const person = personOf(permit)
      const precondition = `${rule}/${name}`
      const said: Said = {
        kind: 'precondition_done',
        org: namespace.id,
        actor: person,
        data: { subject: precondition },
      }
      await chain.say(ctx, row, said, {}, async ({ q }, next) => {
        // A cast because ids travel as text in statements.
        const by_id = (person?.id ?? namespace.id) as AccountId
        await grants.putDone(q, { agreement_id: id, precondition, at_ms: next.atMs, by_id })
        await raise(q, id)
      })
    },
  }
}
