/** Ranges of client addresses, as tokens and organisations restrict them: CIDR, IPv4 and IPv6. */
import { BlockList, isIP, isIPv6 } from 'node:net'
import { HubError } from './errors.ts'

interface Cidr {
  readonly address: string
  readonly bits: number
  readonly family: 'ipv4' | 'ipv6'
}

const parseCidr = (text: string): Cidr | undefined => {
  const [address = '', length, more] = text.split('/')
  const version = isIP(address)
  if (version === 0 || more !== undefined) return undefined
  const most = version === 4 ? 32 : 128
  const bits = length === undefined ? most : Number(length)
  const isSound = length === undefined || /^\d{1,3}$/.test(length)
  if (!isSound || bits > most) return undefined
  return { address, bits, family: version === 4 ? 'ipv4' : 'ipv6' }
}

const rangesMax = 100

/** Errors: `invalid` for what is no address or CIDR range, or more than 100 of them. */
export const checkIpRanges = (ranges: readonly string[]): void => {
  if (ranges.length > rangesMax) {
    throw new HubError(
      'invalid',
      `At most ${rangesMax} address ranges are kept, found ${ranges.length}.`,
    )
  }
  const wrong = ranges.find((range) => parseCidr(range) === undefined)
  if (wrong === undefined) return
  throw new HubError(
    'invalid',
    `An address or range such as 192.0.2.0/24 or 2001:db8::/32 is expected, found "${wrong}".`,
  )
}

/** This machine, as URLs write it: what goes there is seen by nobody on the way. */
export const isLoopbackHost = (host: string): boolean =>
  host === 'localhost' || host === '[::1]' || /^127\.\d+\.\d+\.\d+$/.test(host)

/** An unknown address is in no range. An IPv4 address that came as IPv6 (`::ffff:…`) counts as IPv4. */
export const isInRanges = (ip: string | undefined, ranges: readonly string[]): boolean => {
  if (ip === undefined) return false
  const address = ip.replace(/^::ffff:(?=\d+\.)/i, '')
  if (isIP(address) === 0) return false
  const list = new BlockList()
  for (const range of ranges) {
    const cidr = parseCidr(range)
    if (cidr !== undefined) list.addSubnet(cidr.address, cidr.bits, cidr.family)
  }
  return list.check(address, isIPv6(address) ? 'ipv6' : 'ipv4')
}
