/** "Use this model": a tab for each client that works for these files; others say why not. */
import { useState } from 'react'
import { CodeBlock } from '../parts/CodeBlock.tsx'
import { hubUrl } from '../app/base.ts'
import type { Repo } from './data.ts'
import { snippetsFor } from './snippets.ts'

const mainFile = (repo: Repo): string => {
  if (repo.type === 'dataset') return 'README.md'
  return repo.formats.includes('safetensors') ? 'model.safetensors' : 'config.json'
}

export const UsePanel = ({
  repo,
  revision,
}: {
  readonly repo: Repo
  readonly revision: string
}) => {
  const snippets = snippetsFor({
    hubUrl,
    type: repo.type,
    path: repo.path,
    revision,
    library: repo.library,
    task: repo.task,
    formats: repo.formats,
    needsToken: repo.visibility !== 'public' || repo.gate !== null,
    file: mainFile(repo),
  })
  const [name, setName] = useState(snippets[0]?.name ?? '')
  const current = snippets.find((one) => one.name === name) ?? snippets[0]
  if (current === undefined) return null
  return (
    <section
      id="use"
      aria-label="Use it"
      className="overflow-hidden rounded-panel border border-line-2 bg-surface"
    >
      <div
        role="tablist"
        aria-label="Clients"
        className="flex gap-5 overflow-x-auto border-b border-line px-4 [scrollbar-width:none]"
      >
        {snippets.map((one, at) => (
          <button
            key={one.name}
            type="button"
            role="tab"
            id={`use-tab-${at}`}
            aria-selected={one === current}
            aria-controls="use-panel"
            tabIndex={one === current ? 0 : -1}
            onClick={() => setName(one.name)}
            onKeyDown={(event) => {
              const step = event.key === 'ArrowRight' ? 1 : event.key === 'ArrowLeft' ? -1 : 0
              const next = snippets[(at + step + snippets.length) % snippets.length]
              if (step === 0 || next === undefined) return
              setName(next.name)
              document.querySelector<HTMLElement>(`#use-tab-${snippets.indexOf(next)}`)?.focus()
            }}
            className="h-10 cursor-pointer border-b-2 border-transparent text-dense whitespace-nowrap text-ink-2 hover:text-ink aria-selected:border-accent aria-selected:font-semibold aria-selected:text-ink"
          >
            <span className={one.reason === undefined ? '' : 'text-ink-3'}>{one.name}</span>
          </button>
        ))}
      </div>
      <div role="tabpanel" id="use-panel" aria-labelledby={`use-tab-${snippets.indexOf(current)}`}>
        {current.reason === undefined ? null : (
          <p className="border-b border-line bg-sunken px-4 py-2 text-meta text-ink-2">
            {current.reason}
          </p>
        )}
        <CodeBlock code={current.code} label={`code for ${current.name}`} />
      </div>
      {repo.visibility === 'public' && repo.gate === null ? null : (
        <p className="border-t border-line px-4 py-2.5 text-meta text-ink-3">
          Clients need a token of yours.
        </p>
      )}
    </section>
  )
}
