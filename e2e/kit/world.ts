/** A hub with something in it: two organisations, models and datasets with files, history, a gate. */
import { readFile } from 'node:fs/promises'
import type { Operation } from '@weighhouse/server/core/hub.ts'
import type { DevHouse } from '@weighhouse/testkit/dev-house.ts'
import { signedIn } from '@weighhouse/testkit/house/org-kit.ts'
import { userWithPassword } from '@weighhouse/testkit/house/signin-kit.ts'
import { makeModel } from '../../tools/demo/model.ts'

interface WorldFile {
  readonly path: string
  readonly bytes: Uint8Array
}

/** Written by pyarrow: see `make.py` beside them. */
export const parquet = (name: string): Promise<Uint8Array> =>
  readFile(new URL(`../../packages/formats/src/parquet/fixtures/${name}.parquet`, import.meta.url))

const text = (content: string): Uint8Array => Buffer.from(content)

async function* each(files: readonly WorldFile[]): AsyncIterable<Operation> {
  for (const { path, bytes } of files) yield { kind: 'file', path, bytes }
}

/** One commit on `main` by somebody who may. */
export const commitAs = async (
  dev: DevHouse,
  who: string,
  repo: { type: 'model' | 'dataset'; path: string },
  message: string,
  files: readonly WorldFile[],
): Promise<string> => {
  const ctx = await signedIn(dev, who)
  const permit = await dev.hub.policy.require(ctx, 'repo.write', repo)
  return dev.hub.commits.commit(ctx, permit, {
    ref: 'refs/heads/main',
    parent: undefined,
    message,
    operations: each(files),
  })
}

const card = (front: string, body: string): WorldFile => ({
  path: 'README.md',
  bytes: text(`---\n${front}\n---\n${body}\n`),
})

const triageCard = card(
  `license: apache-2.0
library_name: transformers
pipeline_tag: text-classification
language: [en, nl]
base_model: north-lab/plover-base
datasets: [north-lab/reports]
tags: [radiology]`,
  `# Report triage

Sorts short radiology reports into **follow-up** and *no finding*. It was tuned on reports of four hospitals and runs on one small GPU.

## Intended use

- Structuring reports for registries and audits
- Pre-filling templates that a radiologist confirms

## How well it works

| finding | F1 | interval | gate |
|---|---:|---|---:|
| All findings | 0.912 | 0.905 to 0.919 | 0.900 |
| Nodules | 0.934 | 0.925 to 0.943 | 0.900 |
| Lymph nodes | 0.908 | 0.894 to 0.922 | 0.880 |

\`\`\`python
from transformers import pipeline
pipe = pipeline("text-classification", model="north-lab/report-triage")
\`\`\`

See [the configuration](config.json), the [section above](#intended-use) and the [hub](https://example.org/).

![a picture elsewhere](https://example.org/x.png)

> Reports on children under sixteen are out of scope.
`,
)

const notebook = JSON.stringify({
  cells: [
    { cell_type: 'markdown', source: ['# A look at the data'] },
    {
      cell_type: 'code',
      execution_count: 1,
      source: ['print("hello")'],
      outputs: [{ output_type: 'stream', name: 'stdout', text: ['hello\n'] }],
    },
  ],
  metadata: { kernelspec: { language: 'python' } },
})

const triageFiles = (): WorldFile[] => [
  ...makeModel().filter(({ path }) => path !== 'README.md'),
  triageCard,
  { path: 'LICENSE', bytes: text('Apache License\nVersion 2.0\n') },
  { path: 'notes/look.ipynb', bytes: text(notebook) },
  { path: 'notes/metrics.csv', bytes: text('finding,f1\nnodules,0.934\n"lymph, nodes",0.908\n') },
  { path: 'notes/run.py', bytes: text('import sys\n\n\ndef main() -> int:\n    return 0\n') },
]

const others = [
  ['plover-base', 'text-generation', 'en', 'apache-2.0', 'Base model for English and Dutch'],
  ['lung-nodule-seg', 'image-segmentation', 'en', 'apache-2.0', 'Nodule masks from low-dose CT'],
  ['discharge-summary', 'summarization', 'nl', 'mit', 'Letters to the family doctor'],
  [
    'fjord-asr',
    'automatic-speech-recognition',
    'no',
    'cc-by-4.0',
    'Speech to text for Nordic languages',
  ],
  ['load-forecast', 'time-series-forecasting', 'en', 'mit', 'Day-ahead load of a grid'],
  [
    'protfold-mini',
    'feature-extraction',
    'en',
    'cc-by-nc-4.0',
    'Protein embeddings for small labs',
  ],
] as const

/** Ann administers north-lab, ben south-hospital; `ann` and `ben` sign in with the kit's password. */
export const fillWorld = async (dev: DevHouse): Promise<void> => {
  await userWithPassword(dev, 'ann')
  await userWithPassword(dev, 'ben')
  await dev.org('north-lab', 'ann')
  await dev.org('south-hospital', 'ben')
  for (const [name, task, language, license, words] of others) {
    const path = `north-lab/${name}`
    await dev.repo(path)
    const front = `license: ${license}\npipeline_tag: ${task}\nlanguage: ${language}\nlibrary_name: transformers`
    await commitAs(dev, 'ann', { type: 'model', path }, 'First release', [
      card(front, `# ${name}\n\n${words}.`),
    ])
    dev.clock.advance(3_600_000)
  }
  await dev.repo('north-lab/reports', { type: 'dataset', visibility: 'internal' })
  await commitAs(dev, 'ann', { type: 'dataset', path: 'north-lab/reports' }, 'First rows', [
    card(
      'license: cc-by-4.0\ntask_categories: [text-classification]\nlanguage: [en]\nsize_categories: [n<1K]',
      '# Reports\n\nShort reports.',
    ),
    { path: 'train.csv', bytes: text('text,label\nclear,0\nlesion,1\n') },
    { path: 'data/train.parquet', bytes: await parquet('kinds') },
  ])
  await dev.repo('north-lab/report-triage')
  const triage = { type: 'model', path: 'north-lab/report-triage' } as const
  await commitAs(dev, 'ann', triage, 'First release', triageFiles())
  dev.clock.advance(3_600_000)
  await commitAs(dev, 'ann', triage, 'Say what is out of scope\n\nA reader asked.', [
    {
      path: 'notes/run.py',
      bytes: text('import sys\n\n\ndef main() -> int:\n    print("ready")\n    return 0\n'),
    },
  ])
  await dev.repo('south-hospital/sepsis-warning')
  await commitAs(
    dev,
    'ben',
    { type: 'model', path: 'south-hospital/sepsis-warning' },
    'First release',
    [
      card(
        'license: other\npipeline_tag: tabular-classification',
        '# Sepsis warning\n\nHourly risk, adult wards.',
      ),
      { path: 'config.json', bytes: text('{}') },
    ],
  )
  const ctx = await signedIn(dev, 'ben')
  const permit = await dev.hub.policy.require(ctx, 'repo.admin', {
    type: 'model',
    path: 'south-hospital/sepsis-warning',
  })
  await dev.hub.repos.setGate(ctx, permit, { kind: 'manual' })
  await dev.house.settle()
}
