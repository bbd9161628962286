/** Where an attribute is, from how it is called: `userName`, `name.familyName`, either with its schema before it (RFC 7644 §3.10). */
import { urns } from './schemas.ts'

const cores = [urns.user, urns.group].map((urn) => urn.toLowerCase())
const extension = urns.enterprise.toLowerCase()

/** The part after the schema, and whether it is the extension's. '' is the extension as a whole. */
export const withoutSchema = (path: string): { isExtension: boolean; rest: string } => {
  const lower = path.toLowerCase()
  if (lower === extension) return { isExtension: true, rest: '' }
  if (lower.startsWith(`${extension}:`)) {
    return { isExtension: true, rest: path.slice(extension.length + 1) }
  }
  const core = cores.find((one) => lower.startsWith(`${one}:`))
  return { isExtension: false, rest: core === undefined ? path : path.slice(core.length + 1) }
}

/** Names from the outside to the inside. */
export const placeOf = (path: string): string[] => {
  const { isExtension, rest } = withoutSchema(path)
  const names = rest === '' ? [] : rest.split('.')
  return isExtension ? [urns.enterprise, ...names] : names
}
