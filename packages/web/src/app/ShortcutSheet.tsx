/** Every key that acts on this page. */
import { Checkbox } from '../parts/Field.tsx'
import { Dialog } from '../parts/Dialog.tsx'
import { usePrefs, writePrefs } from './prefs.ts'
import { keyWords, listShortcuts } from './shortcuts.ts'

export const ShortcutSheet = ({ onClose }: { readonly onClose: () => void }) => {
  const { letters } = usePrefs()
  return (
    <Dialog isOpen onClose={onClose} title="Shortcuts of this page" width={520}>
      <dl className="grid grid-cols-1 gap-x-8 sm:grid-cols-2">
        {listShortcuts().map(({ keys, label }) => (
          <div
            key={keys}
            className="flex items-center justify-between border-b border-line py-2 text-dense"
          >
            <dt>{label}</dt>
            <dd>
              <kbd className="rounded-tag border border-line-2 bg-sunken px-1.5 text-meta">
                {keyWords(keys)}
              </kbd>
            </dd>
          </div>
        ))}
      </dl>
      <div className="mt-4">
        <Checkbox
          label="Single letters act"
          checked={letters !== false}
          onChange={(event) => writePrefs({ letters: event.target.checked })}
        />
      </div>
    </Dialog>
  )
}
