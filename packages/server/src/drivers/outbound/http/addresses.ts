/** Which addresses are the internet's, and which are of this machine or of networks around it. */
import { BlockList, isIPv6 } from 'node:net'

/** RFC 6890 and its kin: what no server of the internet is reached by. The last ones carry IPv4 addresses inside. */
const ranges4 = [
  '0.0.0.0/8',
  '10.0.0.0/8',
  '100.64.0.0/10',
  '127.0.0.0/8',
  '169.254.0.0/16',
  '172.16.0.0/12',
  '192.0.0.0/24',
  '192.0.2.0/24',
  '192.88.99.0/24',
  '192.168.0.0/16',
  '198.18.0.0/15',
  '198.51.100.0/24',
  '203.0.113.0/24',
  '224.0.0.0/4',
  '240.0.0.0/4',
]
const ranges6 = [
  '::/127',
  '100::/64',
  '2001:db8::/32',
  'fc00::/7',
  'fe80::/10',
  'fec0::/10',
  'ff00::/8',
  '64:ff9b::/96',
  '64:ff9b:1::/48',
  '2001::/32',
  '2002::/16',
]

const inner = new BlockList()
for (const [ranges, family] of [[ranges4, 'ipv4'] as const, [ranges6, 'ipv6'] as const]) {
  for (const range of ranges) {
    const [address = '', bits] = range.split('/')
    inner.addSubnet(address, Number(bits), family)
  }
}

/** An IPv4 address that is written as IPv6 (`::ffff:…`) counts as what it is. */
export const isPublic = (address: string): boolean => {
  const [plain = ''] = address.split('%')
  return !inner.check(plain, isIPv6(plain) ? 'ipv6' : 'ipv4')
}
