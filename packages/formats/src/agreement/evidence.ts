/**
 * The evidence of an agreement in one document: what was written, who signed it, and all that was said of it. Anybody can check it without
 * the hub. Version 1; documented in `docs/reference/agreement-chain.md`.
 */
import { FormatError } from '../error.ts'
import { list, object, text } from '../json/read.ts'

export interface EvidenceVersion {
  readonly version: number
  readonly sha256: string
  /** Canonical JSON of the body. */
  readonly text: string
}

export interface Evidence {
  readonly format: 'weighhouse.agreement-evidence.v1'
  readonly agreement: string
  readonly exportedAt: string
  /** The key that the statements are sealed with, as the hub says: compare it with what you have from elsewhere. */
  readonly seal: { readonly keyid: string; readonly publicKey: string }
  /** Those that were put on the table. */
  readonly versions: readonly EvidenceVersion[]
  /** DSSE envelopes, in order, from the first. */
  readonly statements: readonly unknown[]
}

const versionsMax = 1_000
const statementsMax = 200_000
const bodyCharsMax = 4 * 1024 * 1024

/** Throws FormatError for what is no evidence of this version. What it says is checked by `verifyEvidence`. */
export const parseEvidence = (value: unknown): Evidence => {
  const known = ['format', 'agreement', 'exportedAt', 'seal', 'versions', 'statements']
  const members = object(value, 'evidence', known)
  if (members['format'] !== 'weighhouse.agreement-evidence.v1') {
    throw new FormatError('evidence: expected the format weighhouse.agreement-evidence.v1')
  }
  const seal = object(members['seal'], 'seal', ['keyid', 'publicKey'])
  return {
    format: 'weighhouse.agreement-evidence.v1',
    agreement: text(members['agreement'], 'agreement'),
    exportedAt: text(members['exportedAt'], 'exportedAt'),
    seal: {
      keyid: text(seal['keyid'], 'seal.keyid'),
      publicKey: text(seal['publicKey'], 'seal.publicKey'),
    },
    versions: list(members['versions'], 'versions', versionsMax).map((one, i) => {
      const at = `versions[${i}]`
      const found = object(one, at, ['version', 'sha256', 'text'])
      return {
        version: Number(found['version']),
        sha256: text(found['sha256'], `${at}.sha256`),
        text: text(found['text'], `${at}.text`, bodyCharsMax),
      }
    }),
    statements: list(members['statements'], 'statements', statementsMax),
  }
}
