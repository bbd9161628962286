/** Password hashing: scrypt off the main thread (libuv's pool), parameters kept with each hash so that they can grow. */
import { scrypt, timingSafeEqual } from 'node:crypto'
import type { Chance } from '../kernel/time.ts'

const cost = { N: 2 ** 15, r: 8, p: 1 }
const keyBytes = 32

const derive = (
  password: string,
  salt: Buffer,
  parameters: { N: number; r: number; p: number },
): Promise<Buffer> =>
  new Promise((resolve, reject) => {
    const maxmem = 256 * parameters.N * parameters.r
    const text = password.normalize('NFKC')
    scrypt(text, salt, keyBytes, { ...parameters, maxmem }, (error, key) =>
      error === null ? resolve(key) : reject(error),
    )
  })

/** `scrypt$N$r$p$salt$key`, binary parts in base64url. */
export const hashPassword = async (chance: Chance, password: string): Promise<string> => {
  const salt = chance.bytes(16)
  const key = await derive(password, salt, cost)
  const { N, r, p } = cost
  return ['scrypt', N, r, p, salt.toString('base64url'), key.toString('base64url')].join('$')
}

export const verifyPassword = async (hash: string, password: string): Promise<boolean> => {
  const [scheme, N, r, p, salt, key] = hash.split('$')
  if (scheme !== 'scrypt' || salt === undefined || key === undefined) return false
  const parameters = { N: Number(N), r: Number(r), p: Number(p) }
  const found = await derive(password, Buffer.from(salt, 'base64url'), parameters)
  const right = Buffer.from(key, 'base64url')
  return found.length === right.length && timingSafeEqual(found, right)
}
