/** What is known of a repo, each fact drawn as strongly as it is backed: what the hub measured, what its owner only says. */
import { Cpu, Database, FileStack, Layers, Scale, Split } from 'lucide-react'
import { Fragment, type ReactNode } from 'react'
import { TextLink } from '../parts/Go.tsx'
import { Amount, Size, Time } from '../parts/Time.tsx'
import { Mark, Weight, type WeightKind } from '../parts/Weight.tsx'
import { licenseWords, plural, sizeWords } from '../parts/words.ts'
import type { Repo } from './data.ts'

const icon = { size: 14, strokeWidth: 2, 'aria-hidden': true } as const

interface Row {
  readonly name: string
  readonly icon: ReactNode
  readonly value: ReactNode
  readonly more: string
  readonly weight: WeightKind
}

const strengths: Readonly<Record<'solid' | 'dashed', string>> = {
  solid: 'Measured by this hub',
  dashed: 'Stated by the owner, not checked',
}

const repoLink = (path: string, type: 'model' | 'dataset'): ReactNode =>
  /^[\w.-]+\/[\w.-]+$/.test(path) ? (
    <TextLink to={`${type === 'model' ? '' : '/datasets'}/${path}`}>{path}</TextLink>
  ) : (
    path
  )

const named = (paths: readonly string[], type: 'model' | 'dataset'): ReactNode =>
  paths.slice(0, 3).map((path, at) => (
    <span key={path} className="block truncate">
      {repoLink(path, type)}
      {at === 2 && paths.length > 3 ? ` and ${paths.length - 3} more` : ''}
    </span>
  ))

/** Names of classes have no spaces: they break between their words, and are copied as they are. */
const breakable = (name: string): ReactNode =>
  name.split(/(?<=[a-z])(?=[A-Z])/).map((part, at) => (
    <Fragment key={at}>
      {at === 0 ? null : <wbr />}
      {part}
    </Fragment>
  ))

const rowsOf = (repo: Repo): Row[] => {
  const dtypes = Object.entries(repo.dtypes).toSorted((a, b) => b[1] - a[1])
  const rows: (Row | undefined)[] = [
    {
      name: 'Files',
      icon: <FileStack {...icon} />,
      value: plural(repo.files ?? 0, 'file'),
      more: repo.formats.length === 0 ? 'By name and hash' : repo.formats.join(', '),
      weight: 'solid',
    },
    repo.parameters === null
      ? undefined
      : {
          name: 'Parameters',
          icon: <Cpu {...icon} />,
          value: <Amount value={repo.parameters} />,
          more:
            dtypes.length === 0
              ? 'Counted in the header'
              : dtypes.map(([dtype]) => dtype).join(', '),
          weight: 'solid',
        },
    repo.architectures.length === 0
      ? undefined
      : {
          name: 'Architecture',
          icon: <Layers {...icon} />,
          value: breakable(repo.architectures.join(', ')),
          more: 'Read from config.json',
          weight: 'dashed',
        },
    {
      name: 'Licence',
      icon: <Scale {...icon} />,
      value: repo.license === null ? 'None stated' : licenseWords(repo.license),
      more: repo.license === null ? 'Ask its owner before you use it' : 'Stated in the card',
      weight: 'dashed',
    },
    repo.baseModels.length === 0
      ? undefined
      : {
          name: 'Made from',
          icon: <Split {...icon} />,
          value: named(repo.baseModels, 'model'),
          more: 'Stated in the card',
          weight: 'dashed',
        },
    repo.datasets.length === 0
      ? undefined
      : {
          name: 'Training data',
          icon: <Database {...icon} />,
          value: named(repo.datasets, 'dataset'),
          more: 'Stated in the card',
          weight: 'dashed',
        },
  ]
  return rows.filter((row) => row !== undefined)
}

const OnScale = ({
  aside,
  children,
}: {
  readonly aside?: ReactNode
  readonly children: ReactNode
}) => (
  <section
    aria-labelledby="weighed"
    className="rounded-panel border border-paper-line bg-paper px-5 py-4"
  >
    <header className="flex items-center justify-between">
      <h2 id="weighed" className="flex items-center gap-2 text-card">
        <span className="text-seal">
          <Mark size={18} />
        </span>
        On the scale
      </h2>
      {aside}
    </header>
    {children}
  </section>
)

/** Who may not look inside is not told that there is nothing. */
const Unseen = () => (
  <OnScale>
    <p className="mt-2 text-dense text-ink-2">
      What is inside is not shown to you: its files, its size, its card and its licence.
    </p>
  </OnScale>
)

export const WeighPanel = ({ repo }: { readonly repo: Repo }) =>
  repo.may.browse ? <Weighed repo={repo} /> : <Unseen />

const Weighed = ({ repo }: { readonly repo: Repo }) => {
  const rows = rowsOf(repo)
  const [net = '', unit = ''] = sizeWords(repo.filesBytes ?? 0).split(' ')
  const measured = rows.filter(({ weight }) => weight === 'solid').length
  return (
    <OnScale
      aside={
        repo.head === null ? undefined : (
          <code className="text-meta text-ink-3">{repo.head.commit.slice(0, 7)}</code>
        )
      }
    >
      <p className="mt-2 flex items-baseline gap-1.5">
        <span className="text-figure">{net}</span>
        <span className="text-ink-2">{unit}</span>
        <span className="flex-1" />
        {repo.head === null ? null : (
          <span className="text-meta text-ink-3">
            <Time at={repo.head.at} />
          </span>
        )}
      </p>
      <dl className="mt-3">
        {rows.map((row) => (
          <div
            key={row.name}
            className="grid grid-cols-[110px_1fr_16px] items-start gap-2 border-t border-paper-line py-2.5 text-dense"
          >
            <dt className="flex items-center gap-2 text-ink-2">
              <span className="text-ink-3">{row.icon}</span>
              {row.name}
            </dt>
            <dd className="min-w-0">
              <span className="block font-medium">{row.value}</span>
              <span className="block text-meta text-ink-3">{row.more}</span>
            </dd>
            <dd title={strengths[row.weight === 'solid' ? 'solid' : 'dashed']}>
              <Weight
                kind={row.weight}
                label={strengths[row.weight === 'solid' ? 'solid' : 'dashed']}
              />
            </dd>
          </div>
        ))}
      </dl>
      <p className="flex flex-wrap gap-4 border-t border-dashed border-control pt-3 text-meta text-ink-2">
        <span className="inline-flex items-center gap-1">
          <Weight kind="solid" size={13} />
          {measured} measured
        </span>
        <span className="inline-flex items-center gap-1">
          <Weight kind="dashed" size={13} />
          {rows.length - measured} claimed
        </span>
        <span className="sr-only">
          The files weigh <Size bytes={repo.filesBytes ?? 0} />.
        </span>
      </p>
    </OnScale>
  )
}
