/** Checks the evidence of an agreement: seals, chain, texts and signatures. Runs in Node and in browsers. */
import { parseEnvelope, verifyEnvelope } from '../dsse/envelope.ts'
import { FormatError } from '../error.ts'
import { canonicalJson } from '../json/canonical.ts'
import { type AgreementBody, parseBody } from './body.ts'
import type { Evidence, EvidenceVersion } from './evidence.ts'
import { append, type Folder, nothingSaid, stateOf } from './folder.ts'
import {
  agreementType,
  hashOf,
  parseStatement,
  type Statement,
  statementType,
} from './statement.ts'

/** One thing that was looked at. */
export interface Check {
  readonly what: string
  readonly ok: boolean
  /** What was found. */
  readonly detail: string
}

export interface SignatureFound {
  readonly version: number
  readonly org: string
  readonly legalName: string
  readonly person: string
  readonly at: string
  readonly keyid: string
}

export interface Verdict {
  /** Does every check hold? */
  readonly ok: boolean
  readonly checks: readonly Check[]
  /** Absent when the chain does not hold. */
  readonly folder: Folder | undefined
  readonly state: string | undefined
  readonly bodies: ReadonlyMap<number, AgreementBody>
  readonly signatures: readonly SignatureFound[]
  readonly statements: readonly Statement[]
}

const keyBytes = (publicKey: string): Uint8Array<ArrayBuffer> => {
  const plain = publicKey.replaceAll('-', '+').replaceAll('_', '/')
  return Uint8Array.from(atob(plain), (letter) => letter.charCodeAt(0))
}

const wordsOf = (error: unknown): string => (error instanceof Error ? error.message : String(error))

/** Runs a check; what it throws is what was found. */
const check = async (what: string, look: () => Promise<string>): Promise<Check> => {
  try {
    return { what, ok: true, detail: await look() }
  } catch (error) {
    return { what, ok: false, detail: wordsOf(error) }
  }
}

const expect = (isRight: boolean, problem: string): void => {
  if (!isRight) throw new FormatError(problem)
}

/** The bytes that the hub sealed, read once they are verified. */
const readStatement = async (value: unknown, publicKey: string): Promise<Statement> => {
  const keys = [{ id: 'seal', publicKey: keyBytes(publicKey) }]
  const { payload, signedBy } = await verifyEnvelope(parseEnvelope(value), statementType, keys)
  expect(signedBy.length === 1, 'the seal of the hub is not on it')
  return parseStatement(JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(payload)))
}

const readChain = async ({ agreement, statements, seal }: Evidence) => {
  const read: Statement[] = []
  let folder = nothingSaid(agreement)
  for (const [i, value] of statements.entries()) {
    try {
      const statement = await readStatement(value, seal.publicKey)
      folder = await append(folder, statement)
      read.push(statement)
    } catch (error) {
      throw new FormatError(`statement ${i + 1}: ${wordsOf(error)}`)
    }
  }
  return { folder, read }
}

/** One text under each number, and the one that the chain names: else what is shown might not be what was signed. */
const refuseStranger = (
  { version, sha256 }: EvidenceVersion,
  { versions }: Evidence,
  statements: readonly Statement[],
): void => {
  const twins = versions.filter((one) => one.version === version)
  expect(twins.length === 1, `version ${version} is there twice`)
  const isNamed = statements.some(
    ({ kind, data }) =>
      (kind === 'drafted' || kind === 'countered') &&
      data.version === version &&
      data.sha256 === sha256,
  )
  expect(isNamed, 'no statement names these bytes')
}

const readBody = async ({ version, sha256, text: written }: EvidenceVersion, agreement: string) => {
  const value: unknown = JSON.parse(written)
  expect(canonicalJson(value) === written, 'its text is not in canonical form')
  const found = await hashOf(value)
  expect(found === sha256, `its SHA-256 is ${found}, not ${sha256}`)
  const body = parseBody(value)
  expect(body.version === version, `it says that it is version ${body.version}`)
  expect(body.agreement === agreement, `it belongs to the agreement ${body.agreement}`)
  return body
}

/** What the assent names must be what was signed. */
const personOf = ({ org, actor, agreement, data }: Statement): string => {
  const assent = JSON.parse(data.assent ?? 'null') as Record<string, unknown> | null
  // A cast because what is not there is told as nothing.
  const { id, name, fullName } = (assent?.['person'] ?? {}) as Partial<
    Record<'id' | 'name' | 'fullName', string>
  >
  const isSame =
    id === actor?.id &&
    assent?.['agreement'] === agreement &&
    assent['org'] === org &&
    assent['version'] === data.version &&
    assent['sha256'] === data.sha256
  expect(isSame, 'the assent is somebody else’s, or about something else')
  return fullName ?? name ?? 'nobody'
}

interface Signed {
  readonly body: AgreementBody | undefined
  readonly version: EvidenceVersion | undefined
  readonly statements: readonly Statement[]
}

/** Where two people of each party sign: the other one's assent to the same bytes. */
const refuseAlone = ({ org, actor, data, seq }: Statement, { body, statements }: Signed): void => {
  if (body?.signing !== 'countersigned') return
  const first = statements.find(
    (one) =>
      one.kind === 'first_signed' &&
      one.seq < seq &&
      one.org === org &&
      one.data.sha256 === data.sha256 &&
      one.actor?.id !== actor?.id,
  )
  if (first === undefined) throw new FormatError('nobody of the party has signed before beside it')
  personOf(first)
}

const readSignature = async (statement: Statement, signed: Signed): Promise<SignatureFound> => {
  const { body, version } = signed
  const { org, data, at } = statement
  if (body === undefined || version === undefined) {
    throw new FormatError(`version ${data.version ?? '?'} is not among the texts`)
  }
  expect(version.sha256 === data.sha256, 'it is about other bytes than the text of that version')
  const party = body.parties.find((one) => one.org === org)
  if (party === undefined || org === null) throw new FormatError('it is by no party of the text')
  const payload = btoa(
    Array.from(new TextEncoder().encode(version.text), (byte) => String.fromCharCode(byte)).join(
      '',
    ),
  )
  const envelope = {
    payloadType: agreementType,
    payload,
    signatures: [{ keyid: data.keyid ?? '', sig: data.sig ?? '' }],
  }
  const keys = party.keys.map((publicKey) => ({ id: publicKey, publicKey: keyBytes(publicKey) }))
  const { signedBy } = await verifyEnvelope(parseEnvelope(envelope), agreementType, keys)
  expect(signedBy.length > 0, `no key that the text names for ${party.legalName} made it`)
  const person = personOf(statement)
  refuseAlone(statement, signed)
  const { legalName } = party
  return { version: body.version, org, legalName, person, at, keyid: data.keyid ?? '' }
}

/** Is what is in force signed by all its parties? */
const inForceDetail = (
  { inForce }: Folder,
  { bodies, signatures }: Pick<Verdict, 'bodies' | 'signatures'>,
): string => {
  if (inForce === undefined) return 'nothing is in force'
  const parties = bodies.get(inForce.version)?.parties ?? []
  const missing = parties.filter(
    ({ org }) => !signatures.some((one) => one.org === org && one.version === inForce.version),
  )
  expect(parties.length > 0, `version ${inForce.version} is in force, and is not among the texts`)
  const names = missing.map(({ legalName }) => legalName).join(', ')
  expect(missing.length === 0, `the signature of ${names} is missing`)
  return `version ${inForce.version}, signed by all ${parties.length} parties`
}

/** Each statement names the hash of the one before, and the folder that of the last. */
const seenDetail = ({ head }: Folder, statements: readonly Statement[], seen: string): string => {
  if (head === seen) return 'the last one'
  const after = statements.find(({ prev }) => prev === seen)
  expect(
    after !== undefined,
    `${seen} is not among its ${statements.length} statements: its end was cut off, or it is of another agreement`,
  )
  return `statement ${(after?.seq ?? 1) - 1} of ${statements.length}`
}

/**
 * Checks all of it: the hub's seal on each statement, that each follows from the one before, that each text is what its hash and the chain
 * say, and that each signature was made by a key that the text names. `publicKey` is the hub's, base64url, from elsewhere than the
 * document; without it the document's own is taken, and the first check says so. `seen` is the hash of a statement that the reader knows of:
 * without it nothing tells that the end was cut off.
 */
export const verifyEvidence = async (
  evidence: Evidence,
  publicKey?: string,
  seen?: string,
): Promise<Verdict> => {
  const checks: Check[] = []
  const add = async (what: string, look: () => Promise<string>): Promise<void> => {
    checks.push(await check(what, look))
  }
  await add('The seal is the hub’s', () => {
    const own = evidence.seal.publicKey
    if (publicKey === undefined)
      return Promise.resolve(`${own}: compare it with the hub’s own page`)
    expect(own === publicKey, `it is ${own}, and the hub’s is ${publicKey}`)
    return Promise.resolve(own)
  })
  let folder: Folder | undefined
  let statements: readonly Statement[] = []
  await add('The chain of statements holds', async () => {
    const found = await readChain(evidence)
    folder = found.folder
    statements = found.read
    return `${statements.length} statements, each sealed by the hub and following the one before`
  })
  const chain = folder
  if (seen !== undefined && chain !== undefined) {
    await add('The statement that you know of is in it', () =>
      Promise.resolve(seenDetail(chain, statements, seen)),
    )
  }
  const bodies = new Map<number, AgreementBody>()
  for (const version of evidence.versions) {
    await add(`Version ${version.version} is what its hash says`, async () => {
      bodies.set(version.version, await readBody(version, evidence.agreement))
      // Where the chain does not hold, that is what is told.
      if (folder !== undefined) refuseStranger(version, evidence, statements)
      return version.sha256
    })
  }
  const signatures: SignatureFound[] = []
  for (const statement of statements.filter(({ kind }) => kind === 'signed')) {
    const number = statement.data.version ?? 0
    await add(`The signature in statement ${statement.seq}`, async () => {
      const version = evidence.versions.find((one) => one.version === number)
      const body = bodies.get(number)
      const found = await readSignature(statement, { body, version, statements })
      signatures.push(found)
      return `version ${number}, by ${found.person} for ${found.legalName}`
    })
  }
  const standing = folder
  if (standing !== undefined) {
    await add('What is in force is signed by all', () =>
      Promise.resolve(inForceDetail(standing, { bodies, signatures })),
    )
  }
  return {
    ok: checks.every(({ ok }) => ok),
    checks,
    folder,
    state: folder && stateOf(folder),
    bodies,
    signatures,
    statements,
  }
}
