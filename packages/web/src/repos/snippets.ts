/** How each client uses a repo, with this hub's own address. Never a secret; what is copied runs as it is. */
import type { RepoType } from './place.ts'

export interface Snippet {
  readonly name: string
  readonly code: string
  /** Why it does not work for these files; absent where it does. */
  readonly reason?: string
}

export interface Wanted {
  readonly hubUrl: string
  readonly type: RepoType
  readonly path: string
  readonly revision: string
  readonly library: string | null
  readonly task: string | null
  readonly formats: readonly string[]
  /** Who reads it without signing in needs no token. */
  readonly needsToken: boolean
  /** A file to name where one is needed. */
  readonly file: string
}

const login = ({ needsToken }: Wanted): string => (needsToken ? 'hf auth login\n' : '')

const revisionPart = (revision: string, quote: string): string =>
  revision === 'main' ? '' : `, revision=${quote}${revision}${quote}`

const transformers = (wanted: Wanted): Snippet => {
  const { hubUrl, path, revision, task, library } = wanted
  const name = 'Transformers'
  const code = `# export HF_ENDPOINT=${hubUrl}
from transformers import pipeline

pipe = pipeline("${task ?? 'text-generation'}", model="${path}"${revisionPart(revision, '"')})`
  return library === 'transformers'
    ? { name, code }
    : { name, code, reason: 'These files say nothing of the transformers library.' }
}

const hubLibrary = ({ hubUrl, type, path, revision }: Wanted): Snippet => ({
  name: 'Python',
  code: `# export HF_ENDPOINT=${hubUrl}
from huggingface_hub import snapshot_download

folder = snapshot_download("${path}"${type === 'model' ? '' : `, repo_type="${type}"`}${revisionPart(revision, '"')})`,
})

const datasets = ({ hubUrl, path, revision }: Wanted): Snippet => ({
  name: 'datasets',
  code: `# export HF_ENDPOINT=${hubUrl}
from datasets import load_dataset

data = load_dataset("${path}"${revisionPart(revision, '"')})`,
})

const cli = (wanted: Wanted): Snippet => {
  const { hubUrl, type, path, revision } = wanted
  const kind = type === 'model' ? '' : ` --repo-type ${type}`
  const at = revision === 'main' ? '' : ` --revision ${revision}`
  return {
    name: 'hf CLI',
    code: `export HF_ENDPOINT=${hubUrl}\n${login(wanted)}hf download ${path}${kind}${at}`,
  }
}

const llama = ({ hubUrl, path, formats }: Wanted): Snippet => {
  const code = `HF_ENDPOINT=${hubUrl} llama-cli -hf ${path}`
  return formats.includes('gguf')
    ? { name: 'llama.cpp', code }
    : { name: 'llama.cpp', code, reason: 'There is no GGUF file here.' }
}

const curl = ({ hubUrl, type, path, revision, file, needsToken }: Wanted): Snippet => {
  const prefix = type === 'model' ? '' : `${type}s/`
  const header = needsToken ? ` -H "Authorization: Bearer $HF_TOKEN"` : ''
  return {
    name: 'curl',
    code: `curl -L -O${header} ${hubUrl}/${prefix}${path}/resolve/${revision}/${file}`,
  }
}

const javascript = ({ hubUrl, type, path, revision, file, needsToken }: Wanted): Snippet => ({
  name: 'JavaScript',
  code: `import { downloadFile } from '@huggingface/hub'

const blob = await downloadFile({
  hubUrl: '${hubUrl}',
  repo: { type: '${type}', name: '${path}' },
  path: '${file}',${revision === 'main' ? '' : `\n  revision: '${revision}',`}${needsToken ? '\n  accessToken: process.env.HF_TOKEN,' : ''}
})`,
})

/** Those that work first. */
export const snippetsFor = (wanted: Wanted): Snippet[] => {
  const all =
    wanted.type === 'dataset'
      ? [datasets(wanted), cli(wanted), hubLibrary(wanted), javascript(wanted), curl(wanted)]
      : [
          transformers(wanted),
          cli(wanted),
          hubLibrary(wanted),
          llama(wanted),
          javascript(wanted),
          curl(wanted),
        ]
  return all.toSorted((a, b) => Number(a.reason !== undefined) - Number(b.reason !== undefined))
}
