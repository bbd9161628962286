/**
 * SPDX licence expressions: `AND`, `OR`, `WITH`, `+`, parentheses, `LicenseRef-…`. Source: SPDX 2.3, annex D. Names the table knows come out in its
 * spelling; others are kept as they are, since an expression may name what nobody here has read.
 */
import { FormatError } from '../error.ts'
import { licenceNamed } from './table.ts'

export type Expression =
  | {
      readonly kind: 'licence'
      readonly id: string
      /** This version or any later one. */
      readonly orLater: boolean
      readonly exception?: string
    }
  | { readonly kind: 'and' | 'or'; readonly parts: readonly Expression[] }

/** One licence of an expression. */
export type Named = Extract<Expression, { kind: 'licence' }>

export const expressionCharsMax = 1_000
const namesMax = 64
const depthMax = 16
/** Choices that an expression may leave, once it is written as a choice between lists. */
const choicesMax = 32

interface Token {
  readonly text: string
  readonly at: number
}

const tokenForm = /\s*([()+]|[A-Za-z0-9.:-]+)/y

const fail = (at: number, expected: string, found: string | undefined): never => {
  const shown = found === undefined ? 'the end' : JSON.stringify(found.slice(0, 40))
  throw new FormatError(`at character ${at + 1}: expected ${expected}, found ${shown}`)
}

const tokensOf = (text: string): Token[] => {
  const tokens: Token[] = []
  tokenForm.lastIndex = 0
  const end = text.trimEnd().length
  while (tokenForm.lastIndex < end) {
    const from = tokenForm.lastIndex
    const found = tokenForm.exec(text)
    const word = found?.[1]
    if (word === undefined)
      return fail(from, 'a licence, AND, OR, WITH or a parenthesis', text.slice(from))
    tokens.push({ text: word, at: tokenForm.lastIndex - word.length })
  }
  return tokens
}

const isWord = (token: Token | undefined, word: 'AND' | 'OR' | 'WITH'): boolean =>
  token !== undefined && (token.text === word || token.text === word.toLowerCase())

const nameForm = /^(?:DocumentRef-[A-Za-z0-9.-]+:)?[A-Za-z0-9][A-Za-z0-9.-]*$/

const gnuForm = /^(?:A|L)?GPL-|^GFDL-/

/** In the spelling of the table, where it has the licence. */
const spelled = (name: string, orLater: boolean): string => {
  const known = licenceNamed(name)?.spdx ?? name
  if (!orLater) return known
  const bare = known.replace(/-(?:only|or-later)$/i, '')
  return gnuForm.test(bare) ? `${bare}-or-later` : `${bare}+`
}

class Reader {
  readonly #tokens: readonly Token[]
  readonly #end: number
  #next = 0
  #names = 0

  constructor(text: string) {
    this.#tokens = tokensOf(text)
    this.#end = text.length
  }

  #peek(): Token | undefined {
    return this.#tokens[this.#next]
  }

  #refuse(expected: string): never {
    const token = this.#peek()
    return fail(token?.at ?? this.#end, expected, token?.text)
  }

  #series(kind: 'and' | 'or', part: () => Expression): Expression {
    const parts = [part()]
    while (isWord(this.#peek(), kind === 'and' ? 'AND' : 'OR')) {
      this.#next += 1
      parts.push(part())
    }
    const flat = parts.flatMap((one) => (one.kind === kind ? one.parts : [one]))
    const [first] = flat
    return flat.length === 1 && first !== undefined ? first : { kind, parts: flat }
  }

  #choice(depth: number): Expression {
    if (depth > depthMax) this.#refuse(`at most ${depthMax} parentheses within each other`)
    return this.#series('or', () => this.#series('and', () => this.#one(depth)))
  }

  #one(depth: number): Expression {
    if (this.#peek()?.text !== '(') return this.#licence()
    this.#next += 1
    const inner = this.#choice(depth + 1)
    if (this.#peek()?.text !== ')') this.#refuse('")"')
    this.#next += 1
    return inner
  }

  #name(what: string): string {
    const token = this.#peek()
    const isOperator = isWord(token, 'AND') || isWord(token, 'OR') || isWord(token, 'WITH')
    if (token === undefined || isOperator || !nameForm.test(token.text)) return this.#refuse(what)
    this.#names += 1
    if (this.#names > namesMax) return this.#refuse(`at most ${namesMax} names`)
    this.#next += 1
    return token.text
  }

  #licence(): Expression {
    const name = this.#name('a licence')
    const hasPlus = this.#peek()?.text === '+'
    if (hasPlus) this.#next += 1
    const orLater = hasPlus || /-or-later$/i.test(name)
    const id = spelled(name, orLater)
    if (!isWord(this.#peek(), 'WITH')) return { kind: 'licence', id, orLater }
    this.#next += 1
    return { kind: 'licence', id, orLater, exception: this.#name('an exception') }
  }

  whole(): Expression {
    const found = this.#choice(0)
    if (this.#peek() !== undefined) this.#refuse('AND, OR or the end')
    return found
  }
}

/** Errors: FormatError with the place, what was expected and what was found; also for what is too long or too deep. */
export const parseExpression = (text: string): Expression => {
  if (text.length > expressionCharsMax) {
    throw new FormatError(`expected at most ${expressionCharsMax} characters, found ${text.length}`)
  }
  return new Reader(text).whole()
}

/** The shortest text that parses back to the same. */
export const formatExpression = (one: Expression): string => {
  if (one.kind === 'licence') {
    return one.exception === undefined ? one.id : `${one.id} WITH ${one.exception}`
  }
  return one.parts
    .map((part) =>
      one.kind === 'and' && part.kind === 'or'
        ? `(${formatExpression(part)})`
        : formatExpression(part),
    )
    .join(one.kind === 'and' ? ' AND ' : ' OR ')
}

const cross = (
  lists: readonly (readonly Named[])[],
  more: readonly (readonly Named[])[],
): Named[][] => lists.flatMap((list) => more.map((one) => [...list, ...one]))

/** The expression as a choice between lists of licences that hold together. Errors: FormatError when the choices are too many. */
export const choicesOf = (one: Expression): readonly (readonly Named[])[] => {
  const found =
    one.kind === 'licence'
      ? [[one]]
      : one.kind === 'or'
        ? one.parts.flatMap(choicesOf)
        : one.parts.map(choicesOf).reduce<readonly (readonly Named[])[]>(
            (lists, more) => {
              const next = cross(lists, more)
              if (next.length > choicesMax) {
                throw new FormatError(`expected at most ${choicesMax} choices, found more`)
              }
              return next
            },
            [[]],
          )
  if (found.length > choicesMax) {
    throw new FormatError(`expected at most ${choicesMax} choices, found ${found.length}`)
  }
  return found
}
