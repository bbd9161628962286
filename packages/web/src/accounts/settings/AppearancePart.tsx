/** How pages look in this browser: nothing of it leaves the browser but the theme, for the pages of signing in. */
import type { ReactNode } from 'react'
import { densities, motions, themes } from '../../app/looks.ts'
import { usePrefs, writePrefs } from '../../app/prefs.ts'
import { Checkbox, Select } from '../../parts/Field.tsx'
import { Panel } from '../../parts/Panel.tsx'
import { Segmented } from '../../parts/Segmented.tsx'
import { useNow } from '../../parts/Time.tsx'
import { timeExact } from '../../parts/words.ts'

const own = new Intl.DateTimeFormat().resolvedOptions().timeZone

const zones = [
  { value: '', label: `As the system (${own})` },
  ...[...new Set(['UTC', ...Intl.supportedValuesOf('timeZone')])].map((zone) => ({
    value: zone,
    label: zone.replaceAll('_', ' '),
  })),
]

const Line = ({ label, children }: { readonly label: string; readonly children: ReactNode }) => (
  <div className="flex flex-wrap items-center justify-between gap-x-6 gap-y-2">
    <span className="text-dense font-medium" aria-hidden>
      {label}
    </span>
    {children}
  </div>
)

export const AppearancePart = () => {
  const { theme = 'system', density = 'dense', motion = 'system', zone = '', letters } = usePrefs()
  const nowMs = useNow()
  return (
    <>
      <Panel title="Looks">
        <div className="flex flex-col gap-4">
          <Line label="Theme">
            <Segmented
              label="Theme"
              options={themes}
              value={theme}
              onChange={(next) => writePrefs({ theme: next })}
            />
          </Line>
          <Line label="Rows">
            <Segmented
              label="Rows"
              options={densities}
              value={density}
              onChange={(next) => writePrefs({ density: next })}
            />
          </Line>
          <Line label="Motion">
            <Segmented
              label="Motion"
              options={motions}
              value={motion}
              onChange={(next) => writePrefs({ motion: next })}
            />
          </Line>
        </div>
      </Panel>
      <Panel title="Language and time">
        <div className="flex flex-col gap-4">
          <p className="text-dense">
            Pages are in English. The text of an agreement is in the language that it says.
          </p>
          <Select
            label="Time zone"
            help={`Now it is ${timeExact(nowMs)}. Evidence is in UTC always.`}
            options={zones}
            value={zones.some(({ value }) => value === zone) ? zone : ''}
            onChange={({ target }) => writePrefs({ zone: target.value })}
          />
        </div>
      </Panel>
      <Panel title="Keyboard">
        <Checkbox
          label="Single letters act"
          checked={letters !== false}
          onChange={({ target }) => writePrefs({ letters: target.checked })}
        />
        <p className="mt-1 text-meta text-ink-3">
          Such as j and k for rows. Press ? on a page to see what acts there; with Ctrl or ⌘ keys
          act in any case.
        </p>
      </Panel>
      <p className="text-meta text-ink-3">
        Kept in this browser alone. Choose again where you sign in elsewhere.
      </p>
    </>
  )
}
