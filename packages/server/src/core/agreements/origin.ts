/** Which template a text came of, and whether anybody has changed more of it than the template leaves open. */
import type { AgreementBody } from '@weighhouse/formats/agreement/body.ts'
import type { Database } from '#db/connect.ts'
import type { AccountId } from '../kernel/ids.ts'
import { type Template, templateById } from './templates/index.ts'
import { readTemplate } from './templates/parse.ts'
import { unfill } from './templates/unfill.ts'
import * as sql from './templates.sql.ts'

/** An organisation whose own templates may be meant. */
interface Owner {
  readonly id: AccountId
  readonly name: string
}

/** One of the hub's or of these organisations' own, in the version that is named, also one that was withdrawn since. */
export const templateNamed = async (
  db: Database,
  { id, version }: AgreementBody['template'],
  owners: readonly Owner[],
): Promise<Template | undefined> => {
  const built = templateById(id)
  if (built !== undefined) return built.version === version ? built : undefined
  const owner = owners.find((one) => id.startsWith(`${one.name}/`))
  const name = id.slice(id.indexOf('/') + 1)
  const row = owner && (await sql.templateOf(db.read, owner.id, { name, version }))
  return row && readTemplate(JSON.parse(row.body), { id, version })
}

/** The same text with what the hub has found out about its template. Only those of its parties are looked at. */
export const withOrigin = async (db: Database, body: AgreementBody): Promise<AgreementBody> => {
  const { id, version } = body.template
  // A cast because bodies hold ids as text.
  const owners = body.parties.map(({ org, name }) => ({ id: org as AccountId, name }))
  const template = await templateNamed(db, body.template, owners)
  const isWhole = template !== undefined && unfill(template, body) !== undefined
  return { ...body, template: { id, version, ...(isWhole ? {} : { altered: true }) } }
}
