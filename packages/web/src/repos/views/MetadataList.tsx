/** What a file says about itself, folded: names and values that others wrote. */
import { plainName } from '../../parts/words.ts'

interface MetadataProps {
  readonly label: string
  readonly entries: readonly { readonly key: string; readonly value: string }[]
}

export const MetadataList = ({ label, entries }: MetadataProps) =>
  entries.length === 0 ? null : (
    <details className="border-t border-line px-4 py-2.5 text-dense">
      <summary className="cursor-pointer font-medium">
        {label}, {entries.length}
      </summary>
      <dl className="mt-2 grid grid-cols-[minmax(120px,auto)_1fr] gap-x-4 gap-y-1.5">
        {entries.map(({ key, value }, at) => (
          <div key={`${at}-${key}`} className="contents">
            <dt className="font-mono text-code text-ink-2" dir="ltr">
              {plainName(key)}
            </dt>
            <dd className="min-w-0 font-mono text-code whitespace-pre-wrap" dir="ltr">
              {value}
            </dd>
          </div>
        ))}
      </dl>
    </details>
  )
