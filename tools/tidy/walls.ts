/** Who may import whom: the table of `docs/ARCHITECTURE.md`, as code. */
import { type Finding, isCode, isTest, type Rule, type Source } from './source.ts'

const server = 'packages/server/src/'

/** Rooms in their order: a room imports the faces of those to its left, never of those to its right. */
export const rooms = [
  'events',
  'policy',
  'jobs',
  'mail',
  'identity',
  'signin',
  'oauth',
  'quota',
  'chunks',
  'content',
  'repos',
  'organisations',
  'provisioning',
  'sso',
  'signing',
  'agreements',
  'refs',
  'lineage',
  'scanning',
  'commits',
  'access',
  'search',
  'social',
  'audit',
  'live',
] as const

type Area =
  | {
      readonly kind:
        | 'formats'
        | 'contract'
        | 'kernel'
        | 'ports'
        | 'hub'
        | 'config'
        | 'house'
        | 'upkeep'
        | 'cli'
        | 'web'
    }
  | { readonly kind: 'room'; readonly room: string; readonly isFace: boolean }
  | { readonly kind: 'db'; readonly isDialect: boolean }
  | { readonly kind: 'driver'; readonly name: string }
  | { readonly kind: 'door'; readonly door: string }
  | { readonly kind: 'doors' } // mounts.ts and server.ts, above the doors
  | { readonly kind: 'workshop' } // testkit, conformance, tools: they do not ship

const areaInServer = (path: string): Area => {
  const [top = '', second = '', third] = path.split('/')
  if (third === undefined && top === 'doors') return { kind: 'doors' }
  switch (top) {
    case 'core':
      if (second === 'kernel' || second === 'ports') return { kind: second }
      if (second === 'hub.ts') return { kind: 'hub' }
      return { kind: 'room', room: second, isFace: third === 'index.ts' }
    case 'db':
      return { kind: 'db', isDialect: second === 'dialect' }
    case 'drivers':
      return { kind: 'driver', name: `${second}/${third ?? ''}` }
    case 'doors':
      return { kind: 'door', door: second }
    case 'config':
    case 'upkeep':
      return { kind: top }
    default:
      return { kind: 'house' }
  }
}

const areaOf = (path: string): Area => {
  if (path.startsWith('packages/formats/')) return { kind: 'formats' }
  if (path.startsWith('packages/contract/')) return { kind: 'contract' }
  if (path.startsWith('packages/cli/')) return { kind: 'cli' }
  if (path.startsWith('packages/web/')) return { kind: 'web' }
  if (path.startsWith(server)) return areaInServer(path.slice(server.length))
  return { kind: 'workshop' }
}

const roomAfter = (from: string, to: string): boolean =>
  rooms.findIndex((room) => room === to) > rooms.findIndex((room) => room === from)

interface Edge {
  readonly from: Area
  readonly to: Area
  readonly isTypeOnly: boolean
  readonly isDynamic: boolean
  readonly target: string
}

/** The reason why the edge is forbidden, or undefined. */
const problemOf = ({ from, to, isTypeOnly, isDynamic, target }: Edge): string | undefined => {
  if (to.kind === 'workshop' && from.kind !== 'workshop') {
    return 'what ships never imports testkit, conformance or tools'
  }
  if (to.kind === 'formats') return undefined
  switch (from.kind) {
    case 'workshop':
    case 'house':
    case 'upkeep':
      return undefined
    case 'formats':
      return 'formats import the platform and nothing of ours, so that a browser can use them'
    case 'contract':
      return to.kind === 'contract'
        ? undefined
        : 'the contract is what others write against: it knows formats and nothing of the server'
    case 'kernel':
    case 'ports':
      if (to.kind === 'kernel' || to.kind === 'ports') return undefined
      return 'kernel and ports import formats only: everything else leans on them'
    case 'config':
      return to.kind === 'kernel' || to.kind === 'config'
        ? undefined
        : 'config knows the kernel only, since every other part is made from it'
    case 'hub':
      return to.kind === 'room' || to.kind === 'kernel' || isTypeOnly
        ? undefined
        : 'hub.ts is the types of the rooms'
    case 'room':
      return problemOfRoom(from.room, to, isTypeOnly)
    case 'db':
      if (to.kind === 'db' || to.kind === 'kernel') return undefined
      return 'the database knows no room and no door: SQL lives with the room that owns the table'
    case 'driver':
      if (to.kind === 'kernel' || to.kind === 'ports') return undefined
      if (to.kind === 'driver' && to.name === from.name) return undefined
      return 'a driver knows its port and the kernel, so that it can be swapped'
    case 'door':
      return problemOfDoor(from.door, to)
    case 'doors':
      return to.kind === 'driver' || to.kind === 'room' || to.kind === 'db'
        ? 'doors reach the core through hub.ts'
        : undefined
    case 'cli':
      if (to.kind === 'cli' || to.kind === 'contract' || isTypeOnly || isDynamic) return undefined
      return `the command line loads ${target} only when a command needs it: import() it`
    case 'web':
      return to.kind === 'web' || to.kind === 'contract'
        ? undefined
        : 'the web app talks through the contract: it knows formats and nothing of the server'
    default:
      return from satisfies never
  }
}

const problemOfRoom = (room: string, to: Area, isTypeOnly: boolean): string | undefined => {
  switch (to.kind) {
    case 'kernel':
    case 'ports':
      return undefined
    case 'db':
      return isTypeOnly && !to.isDialect
        ? undefined
        : 'a room takes its database as a value and imports types only'
    case 'room':
      if (to.room === room) return undefined
      if (roomAfter(room, to.room)) {
        return `${to.room} stands to the right of ${room}: react to an event there, or move the use case`
      }
      return to.isFace ? undefined : `other rooms are entered by their index.ts`
    default:
      return 'the core knows no protocol, no engine and no driver'
  }
}

const problemOfDoor = (door: string, to: Area): string | undefined => {
  switch (to.kind) {
    case 'kernel':
    case 'hub':
    case 'config':
      return undefined
    case 'doors':
      return door === 'kit' ? undefined : 'mounts.ts and server.ts stand above the doors'
    case 'door':
      return to.door === door || to.door === 'kit'
        ? undefined
        : 'doors do not know each other: shared hardware goes into doors/kit, shared rules into the core'
    case 'contract':
      return door === 'api' || door === 'web'
        ? undefined
        : 'the contract is of our own API: another protocol has its own words'
    default:
      return 'a door translates: it reaches the core through hub.ts and keeps no state'
  }
}

const outsidersAllowed: Readonly<Record<string, readonly string[]>> = {
  fastify: ['packages/server/src/doors/', 'packages/server/src/house.ts'],
  kysely: ['packages/server/src/db/', '.sql.ts'],
  'node:sqlite': ['packages/server/src/db/dialect/'],
  'node:http': ['packages/server/src/doors/', 'packages/server/src/drivers/outbound/'],
  pino: ['packages/server/src/main.ts', 'packages/server/src/doors/'],
  'prom-client': ['packages/server/src/doors/'],
  commander: ['packages/cli/'],
}

const outsiders = (source: Source): Finding[] =>
  source.imports.flatMap(({ specifier, line }) => {
    const homes = outsidersAllowed[specifier]
    if (homes === undefined || homes.some((home) => source.path.includes(home))) return []
    const message = `${specifier} belongs in ${homes.join(' or ')}: elsewhere it ties the core to one engine or protocol`
    return [{ path: source.path, line, message }]
  })

const isServed = (path: string): boolean =>
  /^packages\/(?:formats|contract|server|cli|web)\//.test(path)

export const walls: Rule = (sources) =>
  sources.filter(isCode).flatMap((source) => {
    // A test boots whatever it needs.
    if (isTest(source)) return []
    const from = areaOf(source.path)
    const crossings = source.imports.flatMap((one): Finding[] => {
      if (one.target === undefined) return []
      const to = areaOf(one.target)
      const { isTypeOnly, isDynamic, target } = one
      const problem = problemOf({ from, to, isTypeOnly, isDynamic, target })
      if (problem === undefined) return []
      return [{ path: source.path, line: one.line, message: `imports ${target}: ${problem}` }]
    })
    return isServed(source.path) ? [...crossings, ...outsiders(source)] : crossings
  })

/** Codecs and the contract, which a browser runs too. */
export const browserSafe: Rule = (sources) =>
  sources
    .filter((one) => /^packages\/(?:formats|contract|web)\/src\//.test(one.path) && !isTest(one))
    .flatMap((source) =>
      source.imports
        .filter(({ specifier }) => specifier.startsWith('node:'))
        .map(({ line, specifier }) => ({
          path: source.path,
          line,
          message: `${specifier} does not exist in a browser: take what you need as a value`,
        })),
    )
