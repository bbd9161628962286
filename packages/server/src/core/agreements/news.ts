/**
 * Letters about what was said of an agreement, in the transaction of the statement: one for each reader. A letter goes by ways that nobody
 * here looks after, so it tells the title, who the parties are and where to read the rest.
 */
import type { Folder } from '@weighhouse/formats/agreement/folder.ts'
import type { Statement, StatementKind } from '@weighhouse/formats/agreement/statement.ts'
import type { Row } from '#db/schema.ts'
import type { AccountId } from '../kernel/ids.ts'
import { limits } from '../kernel/limits.ts'
import { isAddress } from '../mail/index.ts'
import type { Letter } from '../ports/mailer.ts'
import { actsOf } from './authority.ts'
import type { Drafts } from './draft.ts'
import type { AgreementsDeps } from './index.ts'
import * as sql from './letters.sql.ts'

/** One statement, with the folder before and after it. */
export interface Said {
  readonly statement: Statement
  readonly before: Folder
  readonly next: Folder
}

interface Told {
  readonly subject: string
  /** After the title, or before it when a party did something. */
  readonly line: (title: string) => string
  /** Administrators of all parties or of those that did not say it; those who may sign now, of all or of the one that said it. */
  readonly to: 'all' | 'others' | 'signers' | 'ownSigners'
}

type Rule = (said: { by: string; until: string } & Said) => Told | undefined

const one = (to: Told['to'], subject: string, line: Told['line']): Told => ({ to, subject, line })

const isSigned = ({ before, next }: Said): boolean => before.inForce !== next.inForce

/** Those that are not here are told by nobody, or by the letters about duties. */
const rules: Partial<Record<StatementKind, Rule>> = {
  proposed: ({ by }) =>
    one(
      'others',
      'A text waits for your answer',
      (title) => `${by} has put ${title} on the table.`,
    ),
  countered: ({ by }) =>
    one(
      'all',
      'An agreement was countered',
      (title) => `${by} has written another text of ${title}.`,
    ),
  agreed: ({ by, next }) =>
    next.talk === 'agreed'
      ? one(
          'signers',
          'A text waits for your signature',
          (title) => `All parties agree to ${title}: it waits to be signed.`,
        )
      : one(
          'others',
          'A party agrees',
          (title) => `${by} agrees to ${title}. Others have not answered yet.`,
        ),
  rejected: ({ by }) =>
    one('others', 'A text was rejected', (title) => `${by} has rejected ${title}.`),
  withdrawn: ({ by, before }) =>
    // What was never shown is taken back without a word.
    before.talk === 'draft'
      ? undefined
      : one('others', 'A text was withdrawn', (title) => `${by} has withdrawn ${title}.`),
  lapsed: () =>
    one(
      'all',
      'An offer has lapsed',
      (title) => `Nobody has signed ${title} in time: the offer has lapsed.`,
    ),
  first_signed: ({ by }) =>
    one(
      'ownSigners',
      'A text waits for the second signature',
      (title) => `One person has signed ${title} for ${by}: a second one signs beside.`,
    ),
  signed: (said) =>
    isSigned(said)
      ? one('all', 'An agreement was signed by all', (title) => `All parties have signed ${title}.`)
      : one(
          'others',
          'An agreement was signed by a party',
          (title) => `${said.by} has signed ${title}.`,
        ),
  activated: () =>
    one('all', 'An agreement is in force', (title) => `${title} is in force from now on.`),
  suspended: ({ by }) =>
    one(
      'all',
      'An agreement was suspended',
      (title) => `${by} has suspended ${title}: nothing is given out by it.`,
    ),
  resumed: ({ by }) =>
    one('all', 'An agreement goes on', (title) => `${by} has taken up ${title} again.`),
  notice_given: ({ by, until }) =>
    one(
      'all',
      'Notice was given',
      (title) => `${by} ends ${title}: it is in force until ${until}.`,
    ),
  terminated: ({ by, statement }) =>
    one('all', 'An agreement was ended', (title) =>
      statement.org === null
        ? `The notice is over: ${title} has ended.`
        : `${by} has ended ${title}.`,
    ),
  expired: () =>
    one('all', 'An agreement has ended', (title) => `The last day of ${title} is over.`),
  rescinded: ({ by, next }) =>
    next.life === 'closing'
      ? one('all', 'An agreement was undone', (title) => `All parties have undone ${title}.`)
      : one(
          'others',
          'A party means to undo an agreement',
          (title) => `${by} means to undo ${title}. It is undone when all parties say so.`,
        ),
}

/** Said once in the life of an agreement, or nearly: told however much was said on that day. */
const rare: ReadonlySet<StatementKind> = new Set([
  'signed',
  'activated',
  'notice_given',
  'terminated',
  'expired',
  'rescinded',
])

// A cast because keys of the table are kinds.
const toldKinds = Object.keys(rules) as StatementKind[]
const dayMs = 24 * 3_600_000

/** On one line, whatever was written into it. */
const plain = (text: string): string => text.replaceAll(/[\s\p{Cc}]+/gu, ' ').trim()

export const makeNews = (
  { db, identity, signing, mail, clock }: AgreementsDeps,
  { drafts }: { drafts: Drafts },
) => {
  const signersOf = async (
    id: Row<'agreement'>['id'],
    { org, role }: Folder['parties'][number],
    { candidate }: Folder,
  ): Promise<readonly string[]> => {
    if (candidate === undefined) return []
    const { template } = await drafts.read({ id }, candidate.version)
    const acts = actsOf(role, template)
    const hasSigned = candidate.firstSignedBy?.find((first) => first.org === org)?.person
    // A cast because ids travel as text in folders.
    const signers = await signing.signersFor(org as AccountId, acts)
    return signers
      .filter(({ userId, email = '' }) => userId !== hasSigned && isAddress(email))
      .slice(0, limits.lettersPerPartyMax)
      .flatMap(({ email }) => email ?? [])
  }

  /** Whoever may sign; where nobody may that has an address, those who can name somebody. */
  const readersOf = async (
    row: Row<'agreement'>,
    { statement, next }: Said,
    to: Told['to'],
  ): Promise<ReadonlyMap<string, string>> => {
    const readers = new Map<string, string>()
    for (const party of next.parties) {
      const isOwn = party.org === statement.org
      if ((to === 'others' && isOwn) || (to === 'ownSigners' && !isOwn)) continue
      const signers =
        to === 'signers' || to === 'ownSigners' ? await signersOf(row.id, party, next) : []
      const some = signers.length > 0 ? signers : await identity.addressesOf(party.org as AccountId)
      for (const address of some.filter(isAddress).slice(0, limits.lettersPerPartyMax)) {
        if (!readers.has(address)) readers.set(address, party.name)
      }
    }
    return readers
  }

  /** Of one agreement on one day, or of one who begins many to be heard. */
  const isTooMuch = async (
    { id }: Row<'agreement'>,
    { kind, org }: Statement,
  ): Promise<boolean> => {
    const sinceMs = clock.nowMs() - dayMs
    const most = limits.agreementNewsPerDayMax
    if ((await sql.countSaid(db.read, id, { sinceMs, kinds: toldKinds }, most)) >= most) return true
    if (kind !== 'proposed' || org === null) return false
    const begun = limits.agreementsBegunToldMax + 1
    // A cast because ids travel as text in statements.
    return (await sql.countBegun(db.read, { orgId: org as AccountId, sinceMs }, begun)) === begun
  }

  /** What to post with some statements. Read before the transaction that says them. */
  return async (row: Row<'agreement'>, said: readonly Said[]): Promise<readonly Letter[]> => {
    if (!mail.isOn) return []
    const letters: Letter[] = []
    for (const each of said) {
      const { statement, next } = each
      const { kind, org, data } = statement
      const by = next.parties.find((party) => party.org === org)?.name ?? 'The hub'
      const told = rules[kind]?.({ ...each, by, until: data.until ?? '' })
      if (told === undefined || (!rare.has(kind) && (await isTooMuch(row, statement)))) continue
      const parties = `Parties: ${next.parties.map(({ name }) => name).join(', ')}.`
      const line = told.line(`"${plain(row.title)}"`)
      for (const [to, as] of await readersOf(row, each, told.to)) {
        const link = mail.linkTo(`/agreements/${row.id}?as=${encodeURIComponent(as)}`)
        letters.push({ to, subject: told.subject, text: [line, parties, '', link].join('\n') })
      }
    }
    return letters
  }
}

export type News = ReturnType<typeof makeNews>
