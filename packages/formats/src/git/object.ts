/** Git's loose object framing. Source: git `Documentation/gitformat-loose` and `object-file.c`. */
import { toBytes } from './bytes.ts'

export type ObjectKind = 'blob' | 'tree' | 'commit' | 'tag'

/** What is hashed before the body: `kind SP size NUL`. `size` is the body's bytes. */
export const objectHeader = (kind: ObjectKind, size: number): Uint8Array =>
  toBytes(`${kind} ${size}\0`)
