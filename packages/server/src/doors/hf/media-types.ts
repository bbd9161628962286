/** What a file is said to be. Others wrote it, so nothing is said that a browser would run on our origin. */

const byExtension: Readonly<Record<string, string>> = {
  json: 'application/json',
  png: 'image/png',
  jpg: 'image/jpeg',
  jpeg: 'image/jpeg',
  gif: 'image/gif',
  webp: 'image/webp',
  avif: 'image/avif',
  mp3: 'audio/mpeg',
  wav: 'audio/wav',
  flac: 'audio/flac',
  mp4: 'video/mp4',
  webm: 'video/webm',
  wasm: 'application/wasm',
  pdf: 'application/pdf',
}

const textExtensions = new Set(
  (
    'txt md markdown rst csv tsv yaml yml toml ini cfg conf py ipynb js mjs cjs ts tsx jsx css html htm xml svg sh bash c h cc cpp ' +
    'hpp rs go java kt swift rb php lua r jl sql jinja jinja2 jsonl ndjson lock log tex bib proto mmd'
  ).split(' '),
)

const textNames = new Set([
  'license',
  'notice',
  'readme',
  'dockerfile',
  'makefile',
  'modelfile',
  '.gitattributes',
  '.gitignore',
])

/** Media type by name alone; `application/octet-stream` when in doubt. */
export const mediaTypeOf = (path: string): string => {
  const name = path.slice(path.lastIndexOf('/') + 1).toLowerCase()
  const extension = name.slice(name.lastIndexOf('.') + 1)
  if (textNames.has(name) || textExtensions.has(extension)) return 'text/plain; charset=utf-8'
  return byExtension[extension] ?? 'application/octet-stream'
}
