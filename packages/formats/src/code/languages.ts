/** Languages of code that the hub has grammars for, and how they are known. */

/** Those with a grammar here, by the names that fences in Markdown use. */
export const codeLanguages = [
  'bash',
  'c',
  'cmake',
  'cpp',
  'csharp',
  'css',
  'diff',
  'docker',
  'dotenv',
  'go',
  'graphql',
  'haskell',
  'hcl',
  'html',
  'ini',
  'java',
  'javascript',
  'jinja',
  'json',
  'jsonc',
  'jsonl',
  'jsx',
  'julia',
  'kotlin',
  'latex',
  'lua',
  'make',
  'markdown',
  'matlab',
  'nginx',
  'perl',
  'php',
  'powershell',
  'proto',
  'python',
  'r',
  'ruby',
  'rust',
  'scala',
  'sql',
  'swift',
  'toml',
  'tsx',
  'typescript',
  'xml',
  'yaml',
  'zig',
] as const
export type CodeLanguage = (typeof codeLanguages)[number]

const extensions: Readonly<Partial<Record<CodeLanguage, string>>> = {
  bash: 'bash sh zsh ksh',
  c: 'c h',
  cmake: 'cmake',
  cpp: 'cc cpp cxx hpp hh cu cuh',
  csharp: 'cs',
  css: 'css',
  diff: 'diff patch',
  docker: 'dockerfile containerfile',
  dotenv: 'env',
  go: 'go',
  graphql: 'graphql gql',
  haskell: 'hs',
  hcl: 'hcl tf tfvars',
  html: 'html htm xhtml',
  ini: 'ini cfg conf editorconfig',
  java: 'java',
  javascript: 'js mjs cjs',
  jinja: 'jinja jinja2 j2',
  json: 'json webmanifest gltf',
  jsonc: 'jsonc json5',
  jsonl: 'jsonl ndjson',
  jsx: 'jsx',
  julia: 'jl',
  kotlin: 'kt kts',
  latex: 'tex sty cls bib',
  lua: 'lua',
  make: 'mk makefile',
  markdown: 'md markdown mdown',
  matlab: 'm',
  nginx: 'nginx',
  perl: 'pl pm',
  php: 'php',
  powershell: 'ps1 psm1',
  proto: 'proto',
  python: 'py pyi pyw ipy',
  r: 'r rmd',
  ruby: 'rb gemspec',
  rust: 'rs',
  scala: 'scala',
  sql: 'sql',
  swift: 'swift',
  toml: 'toml',
  tsx: 'tsx',
  typescript: 'ts mts cts',
  xml: 'xml svg xsd plist',
  yaml: 'yaml yml cff',
  zig: 'zig',
}

const byExtension = new Map<string, CodeLanguage>(
  Object.entries(extensions).flatMap(([language, names]) =>
    // A cast because Object.entries forgets the names of the keys.
    names.split(' ').map((one): [string, CodeLanguage] => [one, language as CodeLanguage]),
  ),
)

const known: ReadonlySet<string> = new Set(codeLanguages)
const isLanguage = (name: string): name is CodeLanguage => known.has(name)

const aliases = new Map<string, CodeLanguage>([
  ['c++', 'cpp'],
  ['c#', 'csharp'],
  ['console', 'bash'],
  ['golang', 'go'],
  ['node', 'javascript'],
  ['python3', 'python'],
  ['shell', 'bash'],
])

/** By the word of a fence in Markdown: the language's name, or how its files end. */
export const languageNamed = (word: string): CodeLanguage | undefined => {
  const name = word.toLowerCase()
  return isLanguage(name) ? name : (aliases.get(name) ?? byExtension.get(name))
}

/** By a file's name: `Dockerfile` and `Makefile` are named whole. */
export const languageOf = (path: string): CodeLanguage | undefined => {
  const name = path.slice(path.lastIndexOf('/') + 1).toLowerCase()
  return byExtension.get(name.slice(name.lastIndexOf('.') + 1))
}
