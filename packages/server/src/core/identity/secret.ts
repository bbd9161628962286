/**
 * Secrets of tokens: `hf_`, 34 letters and digits by chance, and 6 that check them (CRC-32 in base 62, as GitHub's tokens end). Whoever
 * finds one in a file can tell without asking the hub that it is a token and no accident.
 */
import { createHash } from 'node:crypto'
import { crc32 } from 'node:zlib'
import type { Chance } from '../kernel/time.ts'

const alphabet = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'
const chanceChars = 34
const checkChars = 6

const checkOf = (text: string): string => {
  let rest = crc32(text)
  let check = ''
  for (let place = 0; place < checkChars; place += 1) {
    check = (alphabet[rest % 62] ?? '') + check
    rest = Math.floor(rest / 62)
  }
  return check
}

/** The form that every Hugging Face client accepts. */
export const makeSecret = (chance: Chance): string => {
  let text = ''
  while (text.length < chanceChars) {
    for (const byte of chance.bytes(64)) {
      // Rejection keeps the letters equally likely.
      if (byte < 248 && text.length < chanceChars) text += alphabet[byte % 62]
    }
  }
  return `hf_${text}${checkOf(text)}`
}

/** Was this made by `makeSecret`? One in 57 billion other texts of the form says yes. Tokens of older hubs say no and are valid. */
export const hasCheck = (secret: string): boolean => {
  const text = secret.slice(3, 3 + chanceChars)
  return secret === `hf_${text}${checkOf(text)}`
}

const secretForm = /(?<![A-Za-z0-9])hf_[A-Za-z0-9]{40}(?![A-Za-z0-9])/g

/** What has the form of a token of this hub, each once, `max` at most. */
export const secretsIn = (text: string, max: number): string[] => {
  const found = new Set<string>()
  for (const [secret] of text.matchAll(secretForm)) {
    found.add(secret)
    if (found.size >= max) break
  }
  return [...found]
}

/** What is stored of a secret. */
export const sha256Hex = (text: string): string => createHash('sha256').update(text).digest('hex')
