/** Every folder of `docs` whose pages are made from the code, with the text of each page by file name. */
import { agreementPages } from './agreements.ts'
import { pages } from './pages.ts'

export const folders: Readonly<Record<string, Readonly<Record<string, () => string>>>> = {
  reference: pages,
  agreements: agreementPages,
}
