/** Branded names of byte sequences: mixing two kinds of hash does not compile. */

/** SHA-256 of a whole file: 64 lower-case hex digits. The key of the content store. */
export type Sha256 = string & { readonly brand: 'Sha256' }
/** SHA-1 of a git object (header and body): 40 lower-case hex digits. */
export type GitOid = string & { readonly brand: 'GitOid' }
/** Hash of a file in the Xet protocol: 64 lower-case hex digits. */
export type XetHash = string & { readonly brand: 'XetHash' }

const hex64 = /^[0-9a-f]{64}$/
const hex40 = /^[0-9a-f]{40}$/

export const isSha256 = (text: string): text is Sha256 => hex64.test(text)
export const isGitOid = (text: string): text is GitOid => hex40.test(text)

/** The hash, lower-cased, or undefined when the text is not one. */
export const parseSha256 = (text: string): Sha256 | undefined => {
  const lower = text.toLowerCase()
  return isSha256(lower) ? lower : undefined
}
