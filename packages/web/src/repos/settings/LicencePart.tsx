/** What licence holds, what is wrong with it, what a steward decided; and where the repo stands in its family. */
import type { Client } from '@weighhouse/contract/client.ts'
import { useQuery } from '@tanstack/react-query'
import { hub } from '../../app/api.ts'
import { Failure } from '../../parts/Failed.tsx'
import { Facts, Panel } from '../../parts/Panel.tsx'
import { Skeleton } from '../../parts/Skeleton.tsx'
import { Row, Rows } from '../../parts/Rows.tsx'
import { Tag } from '../../parts/Tag.tsx'
import { Time } from '../../parts/Time.tsx'
import { type Repo, repoKey } from '../data.ts'
import { callName } from '../place.ts'
import { DecisionsPanel } from './DecisionsPanel.tsx'
import { LineagePanel } from './LineagePanel.tsx'

type Judged = Awaited<ReturnType<Client['licence']>>

const verdictWords: Readonly<Record<Judged['verdict'], string>> = {
  ok: 'Nothing stands against it.',
  warn: 'It holds, with something to look at.',
  ask: 'A person should look at it.',
  conflict: 'Licences above it contradict each other.',
  unknown: 'A licence is not known.',
  block: 'A licence forbids it.',
}

const levelWords: Readonly<Record<Judged['findings'][number]['level'], string>> = {
  block: 'Forbidden',
  unknown: 'Not known',
  conflict: 'Contradiction',
  ask: 'Ask',
  warn: 'Look',
}

const Findings = ({ judged }: { readonly judged: Judged }) => {
  if (judged.findings.length === 0)
    return <p className="p-4 text-dense text-ink-2">Nothing was found.</p>
  return (
    <Rows label="Findings">
      {judged.findings.map((finding) => (
        <Row
          key={finding.key}
          lead={<Tag>{levelWords[finding.level]}</Tag>}
          title={finding.sentence}
          about={
            <>
              {finding.rule}
              {finding.parent === null ? '' : `, from ${finding.parent}`}
              {finding.licence === null ? '' : `, ${finding.licence}`}
              {finding.decidedUntil === null ? null : (
                <>
                  , decided by a steward until <Time at={finding.decidedUntil} asDay />
                </>
              )}
            </>
          }
        />
      ))}
    </Rows>
  )
}

const proposed = ({ proposal }: Judged): string =>
  [
    proposal.expression === null ? '' : `the card should say “license: ${proposal.expression}”`,
    proposal.name === null ? '' : `the name should be ${proposal.name}`,
  ]
    .filter((one) => one !== '')
    .join(', and ')

export const LicencePart = ({ repo }: { readonly repo: Repo }) => {
  const { data, error } = useQuery({
    queryKey: [...repoKey(repo), 'licence'],
    queryFn: () => hub.licence(callName(repo)),
  })
  if (error !== null) return <Failure error={error} />
  if (data === undefined) return <Skeleton />
  const proposal = proposed(data)
  return (
    <>
      <Panel title="What holds">
        <div className="flex flex-col gap-3">
          <Facts
            facts={[
              { name: 'Declared', value: data.expression ?? 'Nothing clear.' },
              { name: 'Verdict', value: verdictWords[data.verdict] },
              { name: 'Licences', value: data.terms.licences.join(', ') || 'None is known.' },
            ]}
          />
          {data.terms.sentences.length === 0 ? null : (
            <ul className="list-disc ps-5 text-dense" aria-label="Effective terms">
              {data.terms.sentences.map((sentence) => (
                <li key={sentence}>{sentence}</li>
              ))}
            </ul>
          )}
        </div>
      </Panel>
      <Panel
        title="Findings"
        isFlush
        {...(proposal === '' ? {} : { aside: `Proposal: ${proposal}` })}
      >
        <Findings judged={data} />
      </Panel>
      {repo.may.admin ? <DecisionsPanel repo={repo} findings={data.findings} /> : null}
      <LineagePanel repo={repo} />
    </>
  )
}
