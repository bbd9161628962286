/** The card of a folder, or a Markdown file itself, ready to be shown. */
import { languageNamed } from '@weighhouse/formats/code/languages.ts'
import { checkCard, splitCard } from '@weighhouse/formats/card/front-matter.ts'
import type { Hub, RepoType } from '#core/hub.ts'
import type { Ctx } from '#core/kernel/ctx.ts'
import { limits } from '#core/kernel/limits.ts'
import { makeLru } from '#core/kernel/lru.ts'
import { countText } from '../kit/counted.ts'
import {
  type CodeBlock,
  codeBlocksIn,
  type Painted,
  renderMarkdown,
  type Rendered,
  type Surroundings,
} from './markdown.ts'
import { type Place, renderPlace } from './place.ts'

const prefixes: Readonly<Record<RepoType, string>> = {
  model: '',
  dataset: 'datasets/',
  space: 'spaces/',
  kernel: 'kernels/',
}

const encode = (path: string): string => path.split('/').map(encodeURIComponent).join('/')

/** `../` and `./` taken out; undefined for what leads out of the repo. */
const resolvePath = (folder: string, path: string): string | undefined => {
  const parts = path.startsWith('/') || folder === '' ? [] : folder.split('/')
  for (const part of path.split('/')) {
    if (part === '' || part === '.') continue
    if (part !== '..') parts.push(part)
    else if (parts.pop() === undefined) return undefined
  }
  return parts.join('/')
}

const decoded = (path: string): string | undefined => {
  try {
    return decodeURIComponent(path)
  } catch {
    return undefined
  }
}

/** Links of a text in a folder of a repo: to its pages, and to its bytes for images. */
const linksOf = ({ permit, ...place }: Place, folder: string): Surroundings => {
  const { type, path } = permit.repo
  const { revision } = renderPlace(place)
  const to =
    (verb: string) =>
    (written: string): string | undefined => {
      const [, file = '', rest = ''] = /^([^?#]*)(.*)$/.exec(written) ?? []
      const name = decoded(file)
      const target = name === undefined ? undefined : resolvePath(folder, name)
      if (target === undefined || target === '') return undefined
      const anchor = rest.startsWith('#') ? rest : ''
      return `${prefixes[type]}${path}/${verb}/${encode(revision)}/${encode(target)}${anchor}`
    }
  return { link: to('blob'), image: to('resolve') }
}

const cardNames = ['README.md', 'readme.md', 'Readme.md', 'README.markdown']

const findCard = async (
  hub: Hub,
  { permit, revision, path }: Place,
): Promise<string | undefined> => {
  const { trees } = hub.refs
  const here = await trees.entry(permit.repo.id, revision.commit, path)
  if (here?.kind === 'file') return path
  for (const name of cardNames) {
    const full = path === '' ? name : `${path}/${name}`
    const found = await trees.entry(permit.repo.id, revision.commit, full)
    if (found?.kind === 'file') return full
  }
  return undefined
}

const none = { html: null, blockedImages: 0, headings: [], problems: [] as string[] }

const keptMax = 500

/** Blocks of one card that are coloured, and their text in all. */
const blocksMax = 40
const blockCharsMax = 64 * 1024

const keyOf = ({ word, code }: CodeBlock): string => `${word}\0${code}`

/** One after another, since one thread does it. A block that stays plain says nothing of the others. */
const painterOf = async (hub: Hub, text: string): Promise<Painted> => {
  const known = new Map<string, NonNullable<ReturnType<Painted>>>()
  let chars = 0
  for (const block of codeBlocksIn(text).slice(0, blocksMax)) {
    const language = languageNamed(block.word)
    chars += block.code.length
    if (chars > blockCharsMax) break
    if (language === undefined || known.has(keyOf(block))) continue
    const [lines] = (await hub.highlighter.colour(language, [block.code])) ?? []
    if (lines !== undefined) known.set(keyOf(block), lines)
  }
  return (block) => known.get(keyOf(block))
}

type Shown = Rendered & { readonly problems: string[] }

/**
 * Reads cards and keeps what it drew: a card is the same as long as its file and its links are. Errors: those of `policy.open` for a card that a
 * gate does not leave open.
 */
export const makeCardReader = (
  hub: Hub,
): ((ctx: Ctx, place: Place, withColours: boolean) => Promise<Shown | typeof none>) => {
  const kept = makeLru<string, Shown>(keptMax)
  return async (ctx, place, withColours) => {
    const { permit, revision } = place
    const path = await findCard(hub, place)
    if (path === undefined) return none
    const reading = hub.policy.open(permit, path)
    const file = await hub.refs.entry(reading, revision.commit, path)
    // The card of the repo is there to be read before anything is fetched.
    if (place.path !== '' && file.kind === 'file') await countText(hub, ctx, reading, file)
    const { repo } = permit
    const where = [repo.id, repo.path, revision.ref ?? revision.commit, path, file.oid]
    const key = [...where, withColours].join(':')
    const known = kept.get(key)
    if (known !== undefined) return known
    const bytes = await hub.refs.read(reading, revision.commit, path, limits.cardBytesMax)
    if (bytes === undefined) {
      return { ...none, problems: [`The card is larger than ${limits.cardBytesMax} bytes.`] }
    }
    const text = bytes.toString()
    const folder = path.slice(0, Math.max(0, path.lastIndexOf('/')))
    const isCard = path === 'README.md'
    const checked = isCard ? checkCard(text, repo.type) : { errors: [], warnings: [] }
    const { body } = splitCard(text)
    const painted = withColours ? await painterOf(hub, body) : undefined
    const rendered = renderMarkdown(body, linksOf(place, folder), painted)
    const shown = { ...rendered, problems: [...checked.errors, ...checked.warnings] }
    kept.set(key, shown, 1)
    return shown
  }
}
