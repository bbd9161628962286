/** The family of a repo: a picture in layers, and the same as a list. */
import type { Client } from '@weighhouse/contract/client.ts'
import { useQuery } from '@tanstack/react-query'
import { hub } from '../../app/api.ts'
import { Failure } from '../../parts/Failed.tsx'
import { TextLink } from '../../parts/Go.tsx'
import { Panel } from '../../parts/Panel.tsx'
import { Skeleton } from '../../parts/Skeleton.tsx'
import { cutMiddle, plural } from '../../parts/words.ts'
import { type Repo, repoKey } from '../data.ts'
import { callName, repoTo } from '../place.ts'
import { boxSize, layout } from './layers.ts'

type Lineage = Awaited<ReturnType<Client['lineage']>>
type Relative = Lineage['ancestors'][number]

const Picture = ({ repo, lineage }: { readonly repo: Repo; readonly lineage: Lineage }) => {
  const { boxes, lines, width, height } = layout(repo.path, lineage.ancestors, lineage.descendants)
  return (
    <div className="overflow-x-auto" tabIndex={0} role="region" aria-label="Picture of the family">
      <svg
        role="img"
        aria-label={`${repo.path} with ${plural(lineage.ancestors.length, 'ancestor')} above and ${plural(lineage.descendants.length, 'descendant')} below`}
        width={width}
        height={height}
        viewBox={`0 0 ${width} ${height}`}
        className="mx-auto block"
      >
        {lines.map(({ from, to }) => (
          <path
            key={`${from.x} ${from.y} ${to.x} ${to.y}`}
            d={`M${from.x} ${from.y}C${from.x} ${(from.y + to.y) / 2} ${to.x} ${(from.y + to.y) / 2} ${to.x} ${to.y}`}
            className="fill-none stroke-control"
          />
        ))}
        {boxes.map(({ name, x, y, isSelf }) => (
          <g key={`${name} ${y}`}>
            <rect
              x={x}
              y={y}
              width={boxSize.width}
              height={boxSize.height}
              rx="6"
              className={isSelf ? 'fill-selected stroke-accent' : 'fill-surface stroke-line-2'}
            />
            <text
              x={x + boxSize.width / 2}
              y={y + boxSize.height / 2 + 4}
              textAnchor="middle"
              className="fill-ink text-[12px]"
            >
              {cutMiddle(name, 14, 11)}
            </text>
          </g>
        ))}
      </svg>
    </div>
  )
}

/** As the hub calls them, and as people do. */
const relationWords: Readonly<Record<string, string>> = {
  copy: 'copied',
  quantized: 'quantised',
  adapter: 'an adapter',
  finetune: 'fine-tuned',
  merge: 'merged',
  'trained-on': 'trained on it',
}

const Relatives = ({ title, all }: { readonly title: string; readonly all: readonly Relative[] }) =>
  all.length === 0 ? null : (
    <section>
      <h3 className="mb-1 text-dense font-medium">{title}</h3>
      <ul className="flex flex-col gap-1 text-dense">
        {all.map(({ type, name, relation, depth, isHere }) => (
          <li key={`${type} ${name} ${relation}`} className="break-words">
            {isHere ? (
              <TextLink to={repoTo({ type, path: name })} className="underline">
                {name}
              </TextLink>
            ) : (
              name
            )}{' '}
            <span className="text-ink-3">
              {relationWords[relation] ?? relation}
              {depth === 1 ? '' : `, ${plural(depth, 'step')} away`}
              {isHere ? '' : ', not on this hub'}
            </span>
          </li>
        ))}
      </ul>
    </section>
  )

export const LineagePanel = ({ repo }: { readonly repo: Repo }) => {
  const { data, error } = useQuery({
    queryKey: [...repoKey(repo), 'lineage'],
    queryFn: () => hub.lineage(callName(repo)),
  })
  if (error !== null) return <Failure error={error} />
  if (data === undefined) return <Skeleton rows={3} />
  const isAlone = data.ancestors.length === 0 && data.descendants.length === 0
  return (
    <Panel title="Lineage">
      <div className="flex flex-col gap-5">
        {isAlone ? (
          <p className="text-dense text-ink-2">
            No parents stated, and nothing here names it as one. Add{' '}
            <code className="text-code">base_model</code> to the card.
          </p>
        ) : (
          <Picture repo={repo} lineage={data} />
        )}
        <Relatives title="Made from" all={data.ancestors} />
        <Relatives title="Others made from it" all={data.descendants} />
        {data.hiddenDescendants === 0 ? null : (
          <p className="text-meta text-ink-3">
            {plural(data.hiddenDescendants, 'descendant')} that you may not see.
          </p>
        )}
        {data.isCut ? <p className="text-meta text-ink-3">There are more than are shown.</p> : null}
      </div>
    </Panel>
  )
}
