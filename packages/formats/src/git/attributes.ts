/** `.gitattributes`, as far as it says which files are LFS uploads. Source: `gitattributes(5)`. */
import { toText } from './bytes.ts'
import { matchesWildcard, parseWildcard, type Wildcard } from './wildmatch.ts'

interface Rule {
  readonly wildcard: Wildcard
  /** Matched against the last part of a path instead of all of it. */
  readonly isBaseName: boolean
  /** True sets the LFS filter, false takes it away. */
  readonly tracks: boolean
}

/** Rules about the LFS filter, in the order of their lines. */
export type AttributeRules = readonly Rule[]

const linesMax = 20_000
const lineCharsMax = 2048

const escapes: ReadonlyMap<string, string> = new Map([
  ['a', '\u0007'],
  ['b', '\b'],
  ['f', '\f'],
  ['n', '\n'],
  ['r', '\r'],
  ['t', '\t'],
  ['v', '\v'],
  ['"', '"'],
  ['\\', '\\'],
])

const textOfOctals = (octals: string): string =>
  toText(Uint8Array.from(octals.slice(1).split('\\'), (digits) => Number.parseInt(digits, 8)))

/** Undoes C quoting: bytes in octal, which together are UTF-8, and escaped characters. */
const unquote = (text: string): string =>
  text.replace(/((?:\\[0-3][0-7]{2})+)|\\(.)/g, (_, octals: string | undefined, c: string) =>
    octals === undefined ? (escapes.get(c) ?? `\\${c}`) : textOfOctals(octals),
  )

/** Pattern and the rest of a line; patterns with spaces are quoted as in C. */
const splitLine = (line: string): { pattern: string; rest: string } | undefined => {
  const quoted = /^"((?:[^"\\]|\\.)*)"\s+(.*)$/.exec(line)
  if (quoted !== null) {
    return { pattern: unquote(quoted[1] ?? ''), rest: quoted[2] ?? '' }
  }
  const plain = /^([^ \t\r]+)[ \t\r]+(.*)$/.exec(line)
  return plain === null ? undefined : { pattern: plain[1] ?? '', rest: plain[2] ?? '' }
}

/** What a line does to the LFS filter, or undefined when it says nothing of it. */
const tracking = (rest: string): boolean | undefined => {
  let tracks: boolean | undefined
  for (const word of rest.split(/\s+/)) {
    if (word === 'filter=lfs') tracks = true
    else if (/^(filter=.*|[-!]filter|filter|-lfs)$/.test(word)) tracks = false
  }
  return tracks
}

/** Lines that are comments, negative, or do not parse are passed over, as git does. */
export const parseAttributes = (text: string): AttributeRules => {
  const rules: Rule[] = []
  for (const raw of text.split('\n', linesMax)) {
    const line = raw.trim()
    if (line === '' || line.startsWith('#') || line.startsWith('[attr]')) continue
    if (line.length > lineCharsMax) continue
    const split = splitLine(line)
    if (split?.pattern.startsWith('!')) continue
    const tracks = split === undefined ? undefined : tracking(split.rest)
    if (split === undefined || tracks === undefined) continue
    const isBaseName = !split.pattern.includes('/')
    const wildcard = parseWildcard(split.pattern.replace(/^\//, ''))
    if (wildcard !== undefined) rules.push({ wildcard, isBaseName, tracks })
  }
  return rules
}

/** Whether the last rule that matches the path sets the LFS filter. */
export const isLfsTracked = (rules: AttributeRules, path: string): boolean => {
  const baseName = path.slice(path.lastIndexOf('/') + 1)
  const rule = rules.findLast(({ wildcard, isBaseName }) =>
    matchesWildcard(wildcard, isBaseName ? baseName : path),
  )
  return rule?.tracks ?? false
}

const lfsAttributes = 'filter=lfs diff=lfs merge=lfs -text'

const patternsForAll =
  '*.7z *.arrow *.bin *.bz2 *.ckpt *.ftz *.gz *.h5 *.joblib *.lfs.* *.mlmodel *.model *.msgpack *.npy *.npz *.onnx *.ot *.parquet *.pb *.pickle *.pkl *.pt *.pth *.rar *.safetensors saved_model/**/* *.tar.* *.tar *.tflite *.tgz *.wasm *.xz *.zip *.zst *tfevents*'
const patternsForData =
  '*.lz4 *.mds *.pcm *.sam *.raw *.aac *.flac *.mp3 *.ogg *.wav *.bmp *.gif *.png *.tiff *.jpg *.jpeg *.webp *.mp4 *.webm'

/** The `.gitattributes` a new repo begins with. Source: what the Hugging Face Hub writes. */
export const defaultAttributes = (type: 'model' | 'dataset' | 'space' | 'kernel'): string => {
  const patterns = type === 'dataset' ? `${patternsForAll} ${patternsForData}` : patternsForAll
  return patterns
    .split(' ')
    .map((pattern) => `${pattern} ${lfsAttributes}\n`)
    .join('')
}

/** A line that marks exactly this path as an upload, without its newline. */
export const attributeLine = (path: string): string => {
  const escaped = path.replace(/[\\*?[]/g, '\\$&')
  // A leading slash keeps a name without folders from matching in every folder, and `!` and `#` from their meaning.
  const pattern = /["\s]/.test(path) ? `"/${escaped.replace(/["\\]/g, '\\$&')}"` : `/${escaped}`
  return `${pattern} ${lfsAttributes}`
}
