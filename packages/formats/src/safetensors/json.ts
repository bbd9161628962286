/**
 * JSON for hostile headers: objects become Maps (a tensor may be called `__proto__`), a key twice is an error, numbers are whole and
 * written plainly, depth is bounded.
 * `JSON.parse` keeps the last of two equal keys and says nothing, which is why this exists.
 */
import { FormatError } from '../error.ts'

export type Json = string | number | boolean | null | Json[] | Map<string, Json>

const depthMax = 64

class Scanner {
  private at = 0
  private readonly text: string

  constructor(text: string) {
    this.text = text
  }

  fail(expected: string): FormatError {
    return new FormatError(`Expected ${expected} at character ${this.at} of the JSON.`)
  }

  space(): void {
    while (/[ \t\n\r]/.test(this.text[this.at] ?? '')) this.at += 1
  }

  take(char: string): boolean {
    this.space()
    if (this.text[this.at] !== char) return false
    this.at += 1
    return true
  }

  need(char: string): void {
    if (!this.take(char)) throw this.fail(`"${char}"`)
  }

  end(): void {
    this.space()
    if (this.at !== this.text.length) throw this.fail('the end')
  }

  string(): string {
    this.need('"')
    const start = this.at
    for (;;) {
      const char = this.text[this.at]
      if (char === undefined) throw this.fail('a closing quote')
      if (char === '"') break
      this.at += char === '\\' ? 2 : 1
    }
    this.at += 1
    try {
      return JSON.parse(this.text.slice(start - 1, this.at))
    } catch {
      throw this.fail('a valid string before this')
    }
  }

  /** A whole number without sign, fraction or exponent. */
  number(): number {
    const start = this.at
    while (/[0-9]/.test(this.text[this.at] ?? '')) this.at += 1
    const digits = this.text.slice(start, this.at)
    const value = Number(digits)
    if (!/^(0|[1-9]\d{0,15})$/.test(digits) || !Number.isSafeInteger(value)) {
      throw this.fail('a whole number below 2^53')
    }
    return value
  }

  word(): boolean | null {
    for (const [word, value] of [
      ['true', true],
      ['false', false],
      ['null', null],
    ] as const) {
      if (!this.text.startsWith(word, this.at)) continue
      this.at += word.length
      return value
    }
    throw this.fail('a value')
  }

  array(depth: number): Json[] {
    this.need('[')
    const items: Json[] = []
    if (this.take(']')) return items
    do items.push(this.value(depth + 1))
    while (this.take(','))
    this.need(']')
    return items
  }

  object(depth: number): Map<string, Json> {
    this.need('{')
    const members = new Map<string, Json>()
    if (this.take('}')) return members
    do {
      this.space()
      const key = this.string()
      if (members.has(key)) throw this.fail(`no second ${JSON.stringify(key.slice(0, 200))}`)
      this.need(':')
      members.set(key, this.value(depth + 1))
    } while (this.take(','))
    this.need('}')
    return members
  }

  value(depth: number): Json {
    if (depth > depthMax) throw this.fail(`at most ${depthMax} levels`)
    this.space()
    const char = this.text[this.at] ?? ''
    if (char === '{') return this.object(depth)
    if (char === '[') return this.array(depth)
    if (char === '"') return this.string()
    return /[0-9]/.test(char) ? this.number() : this.word()
  }
}

/** Errors: FormatError with the place. */
export const scanJson = (text: string): Json => {
  const scanner = new Scanner(text)
  const value = scanner.value(0)
  scanner.end()
  return value
}
