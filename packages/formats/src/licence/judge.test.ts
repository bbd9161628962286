/** The rules of lineage: every case that the reference keeps, and what must hold whatever the lineage. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { declaredLicence, type Relation, readLicence, relationNames } from './card.ts'
import { judge, type Judgement } from './judge.ts'
import { licences } from './table.ts'
import type { Ancestor, EffectiveTerms } from './terms.ts'

const from = (relation: Relation, licence: string, name = `base/${licence}`): Ancestor => ({
  name,
  relation,
  first: relation,
  depth: 1,
  declared: declaredLicence({ license: licence }),
  isOwn: false,
})

interface Told {
  readonly name?: string
  readonly licence: string
  readonly parents: readonly Ancestor[]
  readonly isMedical?: boolean
}

const ask = ({ name = 'doc', licence, parents, isMedical = false }: Told): Judgement =>
  judge(
    { name, declared: readLicence(licence), isMultimodal: false, isMedical },
    { ancestors: parents, isCyclic: false, isCut: false },
  )

const told = ({ verdict, findings }: Judgement): string =>
  [
    verdict,
    ...new Set(findings.filter(({ level }) => level === verdict).map(({ rule }) => rule)),
  ].join(' ')

const cases: readonly (readonly [string, Told, string])[] = [
  [
    'a permissive fine-tune',
    { licence: 'apache-2.0', parents: [from('finetune', 'apache-2.0')] },
    'ok',
  ],
  [
    'Apache on Llama 3.1',
    { name: 'Doc-8B', licence: 'apache-2.0', parents: [from('finetune', 'llama3.1')] },
    'conflict R5 R6',
  ],
  [
    'Llama on Llama',
    { name: 'Llama-Doc-8B', licence: 'llama3.1', parents: [from('finetune', 'llama3.1')] },
    'ok',
  ],
  ['MIT GGUF of Gemma', { licence: 'mit', parents: [from('quantized', 'gemma')] }, 'conflict R5'],
  [
    'Llama 3 merged with Apache',
    {
      name: 'Llama-3-mix',
      licence: 'llama3',
      parents: [from('merge', 'llama3'), from('merge', 'apache-2.0')],
    },
    'block R10',
  ],
  [
    'Llama 3.1 merged with Apache',
    {
      name: 'Llama-mix',
      licence: 'llama3.1',
      parents: [from('merge', 'llama3.1'), from('merge', 'apache-2.0')],
    },
    'ok',
  ],
  [
    'Apache student of Llama 3.1',
    { licence: 'apache-2.0', parents: [from('distilled', 'llama3.1')] },
    'conflict R6',
  ],
  [
    'MIT student of Gemma',
    { licence: 'mit', parents: [from('distilled', 'gemma')] },
    'conflict R5',
  ],
  [
    'MIT student of Tongyi',
    { licence: 'mit', parents: [from('distilled', 'tongyi-qianwen')] },
    'block R7',
  ],
  [
    'Apache on non-commercial data',
    { licence: 'apache-2.0', parents: [from('trained-on', 'cc-by-nc-4.0')] },
    'warn D1',
  ],
  [
    'Apache adapter on BigCode',
    { licence: 'apache-2.0', parents: [from('adapter', 'bigcode-openrail-m')] },
    'conflict R4',
  ],
  [
    'GPL of CC-BY-SA and GPL',
    { licence: 'gpl-3.0', parents: [from('merge', 'cc-by-sa-4.0'), from('merge', 'gpl-3.0')] },
    'ok',
  ],
  [
    'CC-BY-SA with CC-BY-NC-SA',
    {
      licence: 'cc-by-sa-4.0',
      parents: [from('merge', 'cc-by-sa-4.0'), from('merge', 'cc-by-nc-sa-4.0')],
    },
    'block R8',
  ],
  [
    'a changed ND model',
    { licence: 'cc-by-nd-4.0', parents: [from('finetune', 'cc-by-nd-4.0')] },
    'block R1',
  ],
  [
    'MRL and Apache, said to be MRL',
    { licence: 'mrl', parents: [from('merge', 'mrl'), from('merge', 'apache-2.0')] },
    'ok',
  ],
  [
    'an unknown base',
    { licence: 'apache-2.0', parents: [from('finetune', 'unknown')] },
    'unknown R0',
  ],
  // Beyond the reference.
  [
    'other without its text',
    { licence: 'mit', parents: [from('finetune', 'other')] },
    'unknown R0',
  ],
  ['a family', { licence: 'mit', parents: [from('finetune', 'gpl')] }, 'unknown R0'],
  [
    'a base that does not parse',
    { licence: 'mit', parents: [from('finetune', 'MIT AND (')] },
    'unknown R0',
  ],
  [
    'a base that nobody has read',
    { licence: 'mit', parents: [from('finetune', 'LicenseRef-lab')] },
    'unknown R0',
  ],
  [
    'a copy of an ND model',
    { licence: 'cc-by-nd-4.0', parents: [from('copy', 'cc-by-nd-4.0')] },
    'ok',
  ],
  ['LGPL made GPL', { licence: 'gpl-3.0', parents: [from('finetune', 'lgpl-3.0')] }, 'ok'],
  ['GPL made LGPL', { licence: 'lgpl-3.0', parents: [from('finetune', 'gpl-3.0')] }, 'conflict R3'],
  [
    'GPL 2 alone made GPL 3',
    { licence: 'gpl-3.0', parents: [from('finetune', 'GPL-2.0-only')] },
    'conflict R3',
  ],
  [
    'GPL 2 or later made GPL 3',
    { licence: 'gpl-3.0', parents: [from('finetune', 'GPL-2.0-or-later')] },
    'ok',
  ],
  [
    'Apache on CC-BY-NC',
    { licence: 'apache-2.0', parents: [from('finetune', 'cc-by-nc-4.0')] },
    'conflict R2',
  ],
  [
    'the milder of two choices',
    { licence: 'mit', parents: [from('finetune', 'MIT OR GPL-3.0-only')] },
    'ok',
  ],
  [
    'a choice without the duty',
    { licence: 'MIT OR LicenseRef-Gemma', parents: [from('finetune', 'gemma')] },
    'conflict R5',
  ],
  ['a RAIL student', { licence: 'mit', parents: [from('distilled', 'openrail++')] }, 'conflict R4'],
  [
    'as strict as the base',
    { licence: 'openrail++', parents: [from('finetune', 'creativeml-openrail-m')] },
    'ok',
  ],
  [
    'two community licences',
    {
      licence: 'LicenseRef-Gemma AND LicenseRef-Qwen',
      parents: [from('merge', 'gemma'), from('merge', 'qwen')],
    },
    'warn R9',
  ],
  [
    'no rights in the EU',
    { licence: 'tencent-hunyuan', parents: [from('finetune', 'tencent-hunyuan')] },
    'warn R11',
  ],
  ['share-alike data', { licence: 'mit', parents: [from('trained-on', 'odbl')] }, 'warn D2'],
  [
    'medical use of BLOOM',
    {
      licence: 'bigscience-bloom-rail-1.0',
      isMedical: true,
      parents: [from('finetune', 'bigscience-bloom-rail-1.0')],
    },
    'block M1',
  ],
  [
    'medical use of MedGemma',
    { licence: 'hai-def', isMedical: true, parents: [from('finetune', 'hai-def')] },
    'ask M1',
  ],
  ['nothing said', { licence: '', parents: [] }, 'ask LICENSE_UNKNOWN'],
]

for (const [name, asked, expected] of cases) {
  void test(`judged: ${name}`, () => {
    assert.equal(told(ask(asked)), expected, JSON.stringify(ask(asked).findings))
  })
}

void test('what is proposed mends what can be mended', () => {
  for (const [name, asked] of cases) {
    const { findings, proposal } = ask(asked)
    if (findings.some(({ level }) => level !== 'conflict')) continue
    const again = ask({
      ...asked,
      name: proposal.name ?? asked.name ?? 'doc',
      licence: proposal.expression ?? asked.licence,
    })
    assert.equal(
      again.verdict,
      'ok',
      `${name}: ${JSON.stringify(proposal)} ${JSON.stringify(again.findings)}`,
    )
  }
  const { proposal } = ask({
    name: 'Doc-8B',
    licence: 'apache-2.0',
    parents: [from('finetune', 'llama3.1')],
  })
  assert.deepEqual(proposal, {
    expression: 'Apache-2.0 AND LicenseRef-Llama-3.1',
    name: 'Llama-Doc-8B',
  })
})

void test('limits and places come along', () => {
  const { terms } = ask({
    name: 'Llama-x',
    licence: 'llama3.1',
    parents: [from('finetune', 'llama3.1')],
  })
  assert.deepEqual(terms.limits, ['MAU>700M@release'])
  assert.equal(terms.commercial, 'threshold')
  const far = ask({ licence: 'tencent-hunyuan', parents: [from('finetune', 'tencent-hunyuan')] })
  assert.ok(['DE', 'GB', 'KR'].every((one) => far.terms.excludes.includes(one)))
  assert.equal(ask({ licence: 'mrl', parents: [from('finetune', 'mrl')] }).terms.commercial, 'no')
})

/** Small and the same each time: a test that fails says with which seed. */
const randomOf = (seed: number) => {
  let state = seed
  return (below: number): number => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return Math.floor((state / 2 ** 32) * below)
  }
}

const orders = {
  commercial: ['yes', 'threshold', 'no'],
  derivatives: ['yes', 'no'],
  medical: ['free', 'policy', 'conditional', 'forbidden'],
} as const

const isAsStrict = (strict: EffectiveTerms, mild: EffectiveTerms): boolean => {
  const isLater = (['commercial', 'derivatives', 'medical'] as const).every((key) => {
    const order: readonly string[] = orders[key]
    return order.indexOf(strict[key]) >= order.indexOf(mild[key])
  })
  const lists = [
    'notices',
    'namePrefixes',
    'use',
    'outputs',
    'limits',
    'excludes',
    'ends',
    'licences',
    'unknown',
  ] as const
  return isLater && lists.every((key) => mild[key].every((one) => strict[key].includes(one)))
}

void test('what is beyond the bound may forbid it, so it stops as what is forbidden does', () => {
  const subject = {
    name: 'doc',
    declared: readLicence('mit'),
    isMultimodal: false,
    isMedical: false,
  }
  const walk = { ancestors: [from('finetune', 'mit')], isCyclic: false, isCut: true }
  const { verdict, findings } = judge(subject, walk)
  assert.deepEqual([verdict, findings[0]?.rule], ['block', 'LINEAGE_TOO_LARGE'])
  assert.match(findings[0]?.sentence ?? '', /500 ancestors.*Name the nearest bases only/)
})

void test('more ancestors make terms stricter only, in whatever order they come', () => {
  for (let seed = 1; seed <= 300; seed += 1) {
    const random = randomOf(seed)
    const names = [
      ...licences.map(({ id }) => id),
      'unknown',
      'other',
      'MIT OR GPL-3.0-only',
      'x x',
    ]
    const one = (): Ancestor => {
      const relation = relationNames[random(relationNames.length)] ?? 'finetune'
      const licence = names[random(names.length)] ?? 'mit'
      return { ...from(relation, licence, `base/${random(1_000)}`), isOwn: random(4) === 0 }
    }
    const parents = Array.from({ length: 1 + random(6) }, one)
    const licence = names[random(names.length)] ?? 'mit'
    const few = ask({ licence, parents })
    const more = ask({ licence, parents: [...parents, one()] })
    assert.ok(isAsStrict(more.terms, few.terms), `seed ${seed}`)
    const turned = ask({ licence, parents: parents.toReversed() })
    assert.deepEqual(turned, few, `seed ${seed}`)
  }
})
