/** A Jupyter notebook (nbformat 4) as data to show. It is text or pictures; HTML and scripts of outputs are left out and counted. */

export interface Cell {
  readonly kind: 'code' | 'markdown' | 'raw'
  readonly count: number | undefined
  readonly source: string
  readonly outputs: readonly Output[]
}

export type Output =
  | { readonly kind: 'text'; readonly text: string; readonly isError: boolean }
  | { readonly kind: 'picture'; readonly url: string }
  | { readonly kind: 'left-out'; readonly type: string }

const cellsMax = 200
const outputsMax = 50
const textMax = 20_000
const pictureMax = 4_000_000

type Json = Readonly<Record<string, unknown>>

const isRecord = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const listIn = (value: unknown): readonly Json[] =>
  Array.isArray(value) ? value.filter(isRecord) : []

/** A text, or a list of its lines. */
const whole = (value: unknown): string => {
  const lines = Array.isArray(value) ? value : [value]
  return lines.filter((one) => typeof one === 'string').join('')
}

const joined = (value: unknown): string => whole(value).slice(0, textMax)

// oxlint-disable-next-line no-control-regex -- colours of terminals
const colours = /\u001b\[[0-9;]*m/g

const pictureTypes = ['image/png', 'image/jpeg'] as const

const ofData = (data: Json): Output[] => {
  for (const type of pictureTypes) {
    const value = data[type]
    const base64 = whole(value).replaceAll(/\s/g, '')
    if (base64 !== '' && base64.length <= pictureMax && /^[A-Za-z0-9+/]+=*$/.test(base64)) {
      return [{ kind: 'picture', url: `data:${type};base64,${base64}` }]
    }
  }
  const text = joined(data['text/plain'])
  const other = Object.keys(data).find((type) => type !== 'text/plain')
  return [
    ...(text === '' ? [] : [{ kind: 'text' as const, text, isError: false }]),
    ...(other === undefined ? [] : [{ kind: 'left-out' as const, type: other }]),
  ]
}

const ofOutput = (output: Json): Output[] => {
  switch (output['output_type']) {
    case 'stream':
      return [
        {
          kind: 'text',
          text: joined(output['text']).replaceAll(colours, ''),
          isError: output['name'] === 'stderr',
        },
      ]
    case 'error':
      return [
        {
          kind: 'text',
          text: joined(output['traceback'] ?? [output['ename'], ': ', output['evalue']]).replaceAll(
            colours,
            '',
          ),
          isError: true,
        },
      ]
    default:
      return isRecord(output['data']) ? ofData(output['data']) : []
  }
}

const kindOf = (value: unknown): Cell['kind'] =>
  value === 'code' || value === 'markdown' ? value : 'raw'

export interface Notebook {
  readonly cells: readonly Cell[]
  /** How many more there are. */
  readonly more: number
  readonly language: string
}

/** Undefined for what is no notebook. */
export const readNotebook = (text: string): Notebook | undefined => {
  let root: unknown
  try {
    root = JSON.parse(text)
  } catch {
    return undefined
  }
  if (!isRecord(root) || !Array.isArray(root['cells'])) return undefined
  const all = listIn(root['cells'])
  const metadata = isRecord(root['metadata']) ? root['metadata'] : {}
  const kernel = isRecord(metadata['kernelspec']) ? metadata['kernelspec'] : {}
  const info = isRecord(metadata['language_info']) ? metadata['language_info'] : {}
  const language = kernel['language'] ?? info['name']
  return {
    cells: all.slice(0, cellsMax).map((cell) => ({
      kind: kindOf(cell['cell_type']),
      count: typeof cell['execution_count'] === 'number' ? cell['execution_count'] : undefined,
      source: joined(cell['source']),
      outputs: listIn(cell['outputs']).slice(0, outputsMax).flatMap(ofOutput),
    })),
    more: Math.max(0, all.length - cellsMax),
    language: typeof language === 'string' ? language : '',
  }
}
