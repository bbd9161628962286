/** What shows that a duty was done: words, a link, a file's hash, or a certificate under the organisation's seal. Read strictly: others rely on it. */
import { createPublicKey, verify } from 'node:crypto'
import {
  certificateType,
  type DeletionCertificate,
  parseCertificate,
} from '@weighhouse/formats/agreement/certificate.ts'
import { makeEnvelope, signedBytes } from '@weighhouse/formats/dsse/envelope.ts'
import { FormatError } from '@weighhouse/formats/error.ts'
import { canonicalBytes, canonicalJson } from '@weighhouse/formats/json/canonical.ts'
import type { Row } from '#db/schema.ts'
import { HubError } from '../kernel/errors.ts'
import { limits } from '../kernel/limits.ts'
import { isKeyGoodAt } from '../signing/index.ts'
import type { AgreementsDeps, OrgPermit } from './index.ts'

export type CertificateWish = Omit<DeletionCertificate, 'format' | 'agreement' | 'duty' | 'org'>

export interface EvidenceWish {
  readonly text?: string
  /** Where it can be seen: https. */
  readonly link?: string
  /** Of a file that both sides hold. */
  readonly sha256?: string
  readonly certificate?: CertificateWish
  /** By a seal that the organisation holds itself: over the DSSE encoding of the certificate's canonical JSON. */
  readonly signature?: { readonly publicKey: string; readonly signature: string }
}

interface Asked {
  readonly agreement: Row<'agreement'>
  readonly duty: Row<'agreement_duty'>
  readonly wish: EvidenceWish
}

const textCharsMax = 10_000
const linkCharsMax = 2_000
/** Duties that only a certificate shows to be done. */
const certified: ReadonlySet<string> = new Set(['certifyDestruction'])

export const isLink = (text: string): boolean => {
  const url = URL.parse(text)
  return (
    url !== null && (url.protocol === 'https:' || url.protocol === 'http:') && url.username === ''
  )
}

const refuse = ({ text, link, sha256, certificate }: EvidenceWish, name: string): void => {
  const problem =
    text === undefined && link === undefined && sha256 === undefined && certificate === undefined
      ? 'Say what shows it: a text, a link, the SHA-256 of a file, or a certificate.'
      : text !== undefined && (text.trim() === '' || text.length > textCharsMax)
        ? `A text has 1 to ${textCharsMax} characters.`
        : link !== undefined && (link.length > linkCharsMax || !isLink(link))
          ? 'A link is an http or https address without a password in it.'
          : sha256 !== undefined && !/^[0-9a-f]{64}$/.test(sha256)
            ? 'A SHA-256 has 64 hex digits.'
            : certificate === undefined && certified.has(name)
              ? 'This duty is shown to be done by a certificate of deletion.'
              : undefined
  if (problem !== undefined) throw new HubError('invalid', problem, { reason: 'evidence' })
}

export const makeEvidence = ({ signing, signin, clock }: AgreementsDeps) => {
  const parsed = (value: unknown): DeletionCertificate => {
    try {
      return parseCertificate(value)
    } catch (error) {
      if (error instanceof FormatError)
        throw new HubError('invalid', `${error.message}.`, {}, error)
      throw error
    }
  }

  const sealOf = async (
    { namespace }: OrgPermit,
    payload: Uint8Array,
    signature: EvidenceWish['signature'],
  ): Promise<{ keyid: string; signature: Uint8Array }> => {
    if (signature === undefined)
      return signing.seal(namespace.id, { payloadType: certificateType, payload })
    const nowMs = clock.nowMs()
    const key = (await signing.keys(namespace.id)).find(
      (one) =>
        one.publicKey === signature.publicKey && one.use === 'seal' && isKeyGoodAt(one, nowMs),
    )
    const bytes = Buffer.from(signature.signature, 'base64url')
    const isRight =
      key !== undefined &&
      verify(
        null,
        signedBytes(certificateType, payload),
        createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x: key.publicKey }, format: 'jwk' }),
        bytes,
      )
    if (isRight) return { keyid: key.id, signature: bytes }
    throw new HubError(
      'invalid',
      'This is no signature over this certificate by a seal of the organisation.',
      {
        reason: 'signature_wrong',
      },
    )
  }

  /** A certificate says of the future nothing, and of the past only what lies after the agreement began. */
  const certify = async (
    permit: OrgPermit,
    { agreement, duty, wish }: Asked,
    certificate: CertificateWish,
  ): Promise<object> => {
    if (permit.actor.kind === 'user') await signin.requireFresh({ actor: permit.actor })
    const said = parsed({
      ...certificate,
      format: 'weighhouse.deletion-certificate.v1',
      agreement: agreement.id,
      duty: duty.id,
      org: permit.namespace.id,
    })
    if (Date.parse(said.deletedAt) > clock.nowMs()) {
      throw new HubError('invalid', 'deletedAt lies in the future: certify what is gone.')
    }
    const payload = canonicalBytes(said)
    return makeEnvelope(certificateType, payload, [await sealOf(permit, payload, wish.signature)])
  }

  /** Canonical JSON, as the chain keeps it. Errors: `invalid`, `proof_needed` and `conflict` for a certificate. */
  return async (permit: OrgPermit, asked: Asked): Promise<string> => {
    const { wish, duty } = asked
    // Nobody is asked for a seal in vain.
    if (duty.debtor_id !== permit.namespace.id) {
      throw new HubError(
        'permission_denied',
        'Only the party that owes this shows that it was done.',
        {
          reason: 'debtor_needed',
        },
      )
    }
    refuse(wish, duty.name)
    const { text, link, sha256, certificate } = wish
    const evidence = canonicalJson({
      ...(text === undefined ? {} : { text }),
      ...(link === undefined ? {} : { link }),
      ...(sha256 === undefined ? {} : { sha256 }),
      ...(certificate === undefined
        ? {}
        : { certificate: await certify(permit, asked, certificate) }),
    })
    if (Buffer.byteLength(evidence) <= limits.evidenceBytesMax) return evidence
    throw new HubError(
      'too_large',
      `Evidence has at most ${limits.evidenceBytesMax} bytes: name a file by its SHA-256.`,
    )
  }
}
