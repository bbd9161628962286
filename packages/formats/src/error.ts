/** Bytes that are not what they should be. The message says what was expected and what was found; it holds no names of ours. */
export class FormatError extends Error {
  override readonly name = 'FormatError'
}
