/** Tensors as a table to read: filtered, and grouped by layer where their names repeat. */

export interface TensorRow {
  readonly name: string
  readonly dtype: string
  readonly shape: readonly number[]
  readonly beginBytes: number
  readonly sizeBytes: number | null
}

export const valuesOf = ({ shape }: TensorRow): number =>
  shape.reduce((product, size) => product * size, 1)

/** `layers.*.q_proj` and `dtype:bf16`; all words must hold. */
export const filterTensors = <T extends TensorRow>(
  tensors: readonly T[],
  filter: string,
): readonly T[] => {
  const words = filter
    .trim()
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== '')
  if (words.length === 0) return tensors
  const tests = words.map((word): ((one: T) => boolean) => {
    if (word.startsWith('dtype:')) return ({ dtype }) => dtype.toLowerCase().includes(word.slice(6))
    const parts = word.split('*')
    return ({ name }) => {
      let at = 0
      const lower = name.toLowerCase()
      return parts.every((part) => {
        const found = lower.indexOf(part, at)
        at = found + part.length
        return found !== -1
      })
    }
  })
  return tensors.filter((one) => tests.every((holds) => holds(one)))
}

export interface TensorGroup {
  /** The first part of the name that holds a number, or the first part: `model.layers.0`. */
  readonly name: string
  readonly tensors: readonly TensorRow[]
  readonly values: number
  readonly sizeBytes: number
}

const groupName = (name: string): string => {
  const parts = name.split('.')
  const at = parts.findIndex((part) => /^\d+$/.test(part))
  return at === -1 ? '' : parts.slice(0, at + 1).join('.')
}

/** In order of the file. Tensors outside of numbered layers stand in groups without a name. */
export const groupTensors = (tensors: readonly TensorRow[]): TensorGroup[] => {
  const groups: { name: string; tensors: TensorRow[] }[] = []
  const byName = new Map<string, { name: string; tensors: TensorRow[] }>()
  for (const tensor of tensors) {
    const name = groupName(tensor.name)
    const known = name === '' ? undefined : byName.get(name)
    if (known !== undefined) {
      known.tensors.push(tensor)
      continue
    }
    const last = groups.at(-1)
    if (name === '' && last?.name === '') {
      last.tensors.push(tensor)
      continue
    }
    const made = { name, tensors: [tensor] }
    groups.push(made)
    if (name !== '') byName.set(name, made)
  }
  return groups.map((group) => ({
    ...group,
    values: group.tensors.reduce((sum, one) => sum + valuesOf(one), 0),
    sizeBytes: group.tensors.reduce((sum, one) => sum + (one.sizeBytes ?? 0), 0),
  }))
}
