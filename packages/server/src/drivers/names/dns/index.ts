/** The name system by Node's own resolver: the servers of the machine, or those that are set. */
import { Resolver } from 'node:dns/promises'
import { type Names, textsMax } from '#core/ports/names.ts'

export interface DnsOptions {
  /** `address` or `address:port`; the system's when empty. */
  readonly servers: readonly string[]
  readonly waitMs: number
}

const nothingCodes: ReadonlySet<string> = new Set(['ENOTFOUND', 'ENODATA'])

const isNothing = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && nothingCodes.has(String(error.code))

export const openDns = ({ servers, waitMs }: DnsOptions): Names => ({
  async texts(name) {
    const resolver = new Resolver({ timeout: waitMs, tries: 2 })
    if (servers.length > 0) resolver.setServers([...servers])
    try {
      const found = await resolver.resolveTxt(name)
      return found.slice(0, textsMax).map((parts) => parts.join(''))
    } catch (error) {
      if (isNothing(error)) return []
      throw error
    }
  },
})
