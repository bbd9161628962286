/** The licence table as typed rows, and how a name leads to its row. Source: `table-data.ts`, which is what people review. */
import { countryGroups } from '../terms/vocabulary.ts'
import { licenceTableText } from './table-data.ts'

export type Commercial = 'yes' | 'threshold' | 'no'
export type Flow = 'none' | 'same' | 'file' | 'restr' | 'lic' | 'nc'
export type Source = 'C' | 'T' | 'K' | 'V'

/** Where a licence gives no rights. `only` narrows it to one kind of model. */
export interface Exclusion {
  readonly place: string
  readonly only: string | undefined
}

/** What the hub knows of one licence. Lists keep the order of the table. */
export interface Licence {
  /** As cards on Hugging Face write it. */
  readonly id: string
  /** As it stands in an SPDX expression. */
  readonly spdx: string
  readonly family: string
  readonly commercial: Commercial
  readonly derivatives: 'yes' | 'no'
  readonly flow: Flow
  readonly notices: readonly string[]
  /** With which the names of derivatives begin. */
  readonly namePrefix: string | undefined
  readonly use: readonly string[]
  readonly outputs: readonly string[]
  readonly limits: readonly string[]
  readonly excludes: readonly Exclusion[]
  readonly ends: readonly string[]
  readonly medical: 'forbidden' | 'conditional' | 'policy' | undefined
  readonly source: Source
}

const columnCount = 15

const few = (cell: string, separator: string): string[] =>
  cell === '-' ? [] : cell.split(separator)

const pick = <T>(cell: string, meanings: Readonly<Record<string, T>>): T => {
  const found = meanings[cell]
  if (found === undefined) throw new Error(`the licence table has a cell "${cell}" of no meaning`)
  return found
}

const commercials: Readonly<Record<string, Commercial>> = {
  Y: 'yes',
  N: 'no',
  T: 'threshold',
}
const derivatives: Readonly<Record<string, Licence['derivatives']>> = { Y: 'yes', N: 'no' }
const medicals: Readonly<Record<string, NonNullable<Licence['medical']>>> = {
  X: 'forbidden',
  C: 'conditional',
  P: 'policy',
}
const sources: Readonly<Record<string, Source>> = { C: 'C', T: 'T', K: 'K', V: 'V' }
const flows: Readonly<Record<string, Flow>> = {
  none: 'none',
  same: 'same',
  file: 'file',
  restr: 'restr',
  lic: 'lic',
  nc: 'nc',
}

const exclusion = (text: string): Exclusion => {
  const [, place = text, only] = /^([A-Z]+)(?:\((\w+)\))?$/.exec(text) ?? []
  return { place, only }
}

const toLicence = (line: string): Licence => {
  const cells = line.split(',')
  if (cells.length !== columnCount) {
    throw new Error(`the licence table has ${cells.length} cells in "${line}"`)
  }
  const at = (index: number): string => cells[index] ?? ''
  return {
    id: at(0),
    spdx: at(1),
    family: at(2),
    commercial: pick(at(3), commercials),
    derivatives: pick(at(4), derivatives),
    flow: pick(at(5), flows),
    notices: few(at(6), '+'),
    namePrefix: few(at(7), '*')[0],
    use: few(at(8), ';'),
    outputs: few(at(9), '+'),
    limits: few(at(10), ';'),
    excludes: few(at(11), '+').map(exclusion),
    ends: few(at(12), '+').filter((one) => one !== 'perp'),
    medical: at(13) === '-' ? undefined : pick(at(13), medicals),
    source: pick(at(14), sources),
  }
}

/** Every row, in the order of the table. */
export const licences: readonly Licence[] = licenceTableText
  .trim()
  .split('\n')
  .slice(1)
  .map(toLicence)

const byId: ReadonlyMap<string, Licence> = new Map(licences.map((one) => [one.id, one]))

const byName: ReadonlyMap<string, Licence> = new Map(
  licences.flatMap((one) => [
    [one.id, one],
    [one.spdx.toLowerCase(), one],
  ]),
)

/** An SPDX name without what it says of later versions, in lower case. */
export const bareName = (name: string): string =>
  name.toLowerCase().replace(/(?:-only|-or-later|\+)$/, '')

const byBareName: ReadonlyMap<string, Licence> = new Map(
  licences.map((one) => [bareName(one.spdx), one]),
)

/** The row of an id of Hugging Face, in any letter case. */
export const licenceOfId = (id: string): Licence | undefined => byId.get(id.toLowerCase())

/** The row of a name as a card or an SPDX expression has it, in any letter case. Undefined for what the table does not know. */
export const licenceNamed = (name: string): Licence | undefined => {
  const key = name.toLowerCase()
  return byName.get(key) ?? byBareName.get(bareName(key))
}

/** ISO codes of the countries a place stands for. */
export const countriesOf = (place: string): readonly string[] => {
  if (Object.hasOwn(countryGroups, place)) return countryGroups[place] ?? []
  return [place === 'UK' ? 'GB' : place]
}
