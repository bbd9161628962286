/**
 * Markdown that others wrote, as HTML that does nothing: rendered, and then cut down to a list of what may be there. Whatever the parser
 * lets through, the second step decides; the page's own policy stands behind both.
 */
import MarkdownIt, { type Token } from 'markdown-it'
import { type ColouredLine, partsOfLine } from '@weighhouse/formats/code/kinds.ts'
import sanitizeHtml from 'sanitize-html'

export interface Heading {
  readonly id: string
  readonly text: string
  readonly level: number
}

export interface Rendered {
  readonly html: string
  readonly blockedImages: number
  readonly headings: Heading[]
}

/** Where the text's relative links lead, below the hub's own base. Undefined leaves a link out. */
export interface Surroundings {
  readonly link: (path: string) => string | undefined
  readonly image: (path: string) => string | undefined
}

/** Code between fences, with the word that says in what language. */
export interface CodeBlock {
  readonly word: string
  readonly code: string
}

export type Painted = (block: CodeBlock) => readonly ColouredLine[] | undefined

const headingsMax = 500
/** A book of sixty pages; the slowest text of this length takes half a second. */
const textCharsMax = 128 * 1024
/** Anchors of a card stand apart from the page's own. */
const anchorPrefix = 'card-'

const slugOf = (text: string): string =>
  text
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}\s_-]/gu, '')
    .trim()
    .replaceAll(/\s+/g, '-')
    .slice(0, 100)

/** Words of a heading, without what dresses them. */
const wordsOf = (inline: Token | undefined): string =>
  (inline?.children ?? [])
    .filter(({ type }) => type === 'text' || type === 'code_inline')
    .map(({ content }) => content)
    .join('')
    .trim()

const findHeadings = (tokens: readonly Token[]): Heading[] => {
  const headings: Heading[] = []
  const seen = new Map<string, number>()
  tokens.forEach((token, at) => {
    if (token.type !== 'heading_open') return
    const text = wordsOf(tokens[at + 1])
    const slug = slugOf(text) || 'section'
    const times = seen.get(slug) ?? 0
    seen.set(slug, times + 1)
    const id = anchorPrefix + (times === 0 ? slug : `${slug}-${times}`)
    token.attrSet('id', id)
    if (headings.length < headingsMax)
      headings.push({ id, text, level: Number(token.tag.slice(1)) })
  })
  return headings
}

/** `- [x] done` as GitHub reads it: the box is a picture of one. */
const drawTask = (html: string): string =>
  html.replaceAll(/(<li>(?:\n?<p>)?)\[([ xX])\] /g, (_all, start: string, mark: string) => {
    const checked = mark === ' ' ? '' : ' checked'
    return `${start}<input type="checkbox" disabled${checked}> `
  })

/** Columns of tables say their side by a style, which no card may. */
const sideOf = (token: Token): void => {
  const side = /text-align:(\w+)/.exec(String(token.attrGet('style') ?? ''))?.[1]
  if (side === undefined) return
  token.attrs = [['align', side]]
}

// Bare words such as example.org stay words: linking them guesses.
const parser = new MarkdownIt({ html: true, linkify: true })
parser.linkify.set({ fuzzyLink: false, fuzzyEmail: false })

const blockOf = ({ info, content }: Token): CodeBlock => ({
  word: /^[\w+#.-]{1,40}/.exec(info)?.[0] ?? '',
  code: content,
})

const cut = (text: string): string => text.slice(0, textCharsMax)

/** In their order; who paints them answers by what is in them. */
export const codeBlocksIn = (text: string): CodeBlock[] =>
  parser
    .parse(cut(text), {})
    .filter(({ type }) => type === 'fence')
    .map(blockOf)

const { escapeHtml } = parser.utils

const paintedLine = (line: string, parts: ColouredLine): string =>
  partsOfLine(line, parts)
    .map(([part, kind]) =>
      kind === 'plain' ? escapeHtml(part) : `<span class="code-${kind}">${escapeHtml(part)}</span>`,
    )
    .join('')

/** Puts a block's parts in the place of its text; the second step looks at them as at everything. */
const paint = (token: Token, painted: Painted): void => {
  if (token.type !== 'fence') return
  const { word, code } = blockOf(token)
  const lines = painted({ word, code })
  if (lines === undefined) return
  const html = code.split('\n').map((line, at) => paintedLine(line, lines[at] ?? []))
  token.type = 'html_block'
  token.content = `<pre><code class="language-${escapeHtml(word)}">${html.join('\n')}</code></pre>\n`
}

const parse = (text: string, painted: Painted): { html: string; headings: Heading[] } => {
  const tokens = parser.parse(text, {})
  const headings = findHeadings(tokens)
  tokens.forEach(sideOf)
  tokens.forEach((token) => paint(token, painted))
  return { html: drawTask(parser.renderer.render(tokens, parser.options, {})), headings }
}

const textTags =
  'h1 h2 h3 h4 h5 h6 p br hr blockquote pre code em strong b i u s del ins sub sup small kbd samp var mark abbr q cite dl dt dd ul ol li'
const tableTags = 'table thead tbody tfoot tr th td caption colgroup col'
const otherTags = 'a img details summary div span figure figcaption input'
const align = ['left', 'right', 'center']

const languageClass = /^language-[\w+#.-]{1,40}$/

const hasScheme = /^[a-z][a-z0-9+.-]*:|^\/\//i

type Attributes = Record<string, string>

const linkTag = (given: Attributes, { link }: Surroundings): sanitizeHtml.Tag => {
  const { href = '', title } = given
  const attribs: Attributes = title === undefined ? {} : { title }
  if (href.startsWith('#')) {
    return {
      tagName: 'a',
      attribs: { ...attribs, href: `#${anchorPrefix}${slugOf(decode(href.slice(1)))}` },
    }
  }
  if (hasScheme.test(href)) {
    return {
      tagName: 'a',
      attribs: { ...attribs, href, rel: 'noreferrer nofollow ugc', target: '_blank' },
    }
  }
  const found = link(href)
  return found === undefined
    ? { tagName: 'span', attribs }
    : { tagName: 'a', attribs: { ...attribs, href: found } }
}

const decode = (text: string): string => {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}

/** Renders and sanitises. Hostile texts take time in the square of their length, so it is bounded here: what is longer is cut. */
export const renderMarkdown = (
  text: string,
  around: Surroundings,
  painted: Painted = () => undefined,
): Rendered => {
  const { html, headings } = parse(cut(text), painted)
  let blockedImages = 0
  const image = ({ src = '', alt = '', title, width, height }: Attributes): sanitizeHtml.Tag => {
    const found = hasScheme.test(src) ? undefined : around.image(src)
    if (found === undefined) {
      blockedImages += 1
      return { tagName: 'span', attribs: { class: 'blocked-image' }, text: alt || 'image' }
    }
    const sized: Attributes = { src: found, alt, loading: 'lazy' }
    if (title !== undefined) sized['title'] = title
    if (width !== undefined) sized['width'] = width
    if (height !== undefined) sized['height'] = height
    return { tagName: 'img', attribs: sized }
  }
  const clean = sanitizeHtml(html, {
    allowedTags: `${textTags} ${tableTags} ${otherTags}`.split(' '),
    allowedAttributes: {
      '*': [{ name: 'align', multiple: false, values: align }],
      a: ['href', 'title', 'rel', 'target'],
      img: ['src', 'alt', 'title', 'width', 'height', 'loading'],
      td: ['colspan', 'rowspan', 'align'],
      th: ['colspan', 'rowspan', 'align', 'scope'],
      h1: ['id'],
      h2: ['id'],
      h3: ['id'],
      h4: ['id'],
      h5: ['id'],
      h6: ['id'],
      ol: ['start'],
      details: ['open'],
      code: ['class'],
      span: ['class'],
      input: ['type', 'checked', 'disabled'],
    },
    allowedClasses: { code: ['language-*'], span: ['blocked-image', 'code-*'] },
    allowedSchemes: ['http', 'https', 'mailto'],
    allowProtocolRelative: false,
    disallowedTagsMode: 'discard',
    transformTags: {
      a: (_name, attribs) => linkTag(attribs, around),
      img: (_name, attribs) => image(attribs),
      code: (_name, { class: given = '' }) => ({
        tagName: 'code',
        attribs: languageClass.test(given) ? { class: given } : {},
      }),
      input: (_name, { checked }) => ({
        tagName: 'input',
        attribs: { type: 'checkbox', disabled: '', ...(checked === undefined ? {} : { checked }) },
      }),
      // The card lives under the page's own heading.
      h1: (_name, attribs) => ({ tagName: 'h2', attribs: idOf(attribs) }),
      h2: (_name, attribs) => ({ tagName: 'h2', attribs: idOf(attribs) }),
      h3: (_name, attribs) => ({ tagName: 'h3', attribs: idOf(attribs) }),
      h4: (_name, attribs) => ({ tagName: 'h4', attribs: idOf(attribs) }),
      h5: (_name, attribs) => ({ tagName: 'h5', attribs: idOf(attribs) }),
      h6: (_name, attribs) => ({ tagName: 'h6', attribs: idOf(attribs) }),
    },
  })
  return { html: clean, blockedImages, headings }
}

/** Only anchors that were made here: a card cannot take the page's own. */
const idOf = ({ id }: Attributes): Attributes =>
  id?.startsWith(anchorPrefix) === true ? { id } : {}
