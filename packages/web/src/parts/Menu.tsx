/** A list of acts or places behind a button. Arrow keys, type-ahead and Esc come with it. */
import { DropdownMenu } from 'radix-ui'
import type { ReactNode } from 'react'
import { useGo } from './Go.tsx'

export type MenuItem =
  | {
      readonly kind: 'act'
      readonly label: string
      readonly icon?: ReactNode
      readonly hint?: string
      readonly onSelect: () => void
    }
  | { readonly kind: 'go'; readonly label: string; readonly icon?: ReactNode; readonly to: string }
  | {
      readonly kind: 'choice'
      readonly label: string
      readonly value: string
      readonly options: readonly { readonly value: string; readonly label: string }[]
      readonly onChoose: (value: string) => void
    }
  | { readonly kind: 'words'; readonly label: ReactNode }
  | { readonly kind: 'line' }

const itemLook =
  'flex min-h-[32px] cursor-pointer items-center gap-2 rounded-control px-2.5 text-dense outline-none select-none data-highlighted:bg-hover pointer-coarse:min-h-11'

const Item = ({ item }: { readonly item: MenuItem }) => {
  const go = useGo()
  switch (item.kind) {
    case 'line':
      return <DropdownMenu.Separator className="-mx-1 my-1 h-px bg-line" />
    case 'words':
      return (
        <DropdownMenu.Label className="px-2.5 py-1.5 text-meta text-ink-3">
          {item.label}
        </DropdownMenu.Label>
      )
    case 'choice':
      return (
        <DropdownMenu.RadioGroup
          value={item.value}
          onValueChange={item.onChoose}
          aria-label={item.label}
        >
          <DropdownMenu.Label className="px-2.5 pt-1.5 pb-0.5 text-meta text-ink-3">
            {item.label}
          </DropdownMenu.Label>
          {item.options.map(({ value, label }) => (
            <DropdownMenu.RadioItem key={value} value={value} className={itemLook}>
              <span
                aria-hidden
                className={`size-1.5 rounded-full ${value === item.value ? 'bg-accent' : ''}`}
              />
              <span className={value === item.value ? 'font-medium' : ''}>{label}</span>
            </DropdownMenu.RadioItem>
          ))}
        </DropdownMenu.RadioGroup>
      )
    default:
      return (
        <DropdownMenu.Item
          className={itemLook}
          onSelect={() => (item.kind === 'go' ? go(item.to) : item.onSelect())}
        >
          {item.icon}
          <span className="flex-1">{item.label}</span>
          {item.kind === 'act' && item.hint !== undefined ? (
            <kbd className="text-meta text-ink-3">{item.hint}</kbd>
          ) : null}
        </DropdownMenu.Item>
      )
  }
}

interface MenuProps {
  /** One button. */
  readonly trigger: ReactNode
  readonly items: readonly MenuItem[]
  readonly align?: 'start' | 'end'
}

// Not modal: a modal one would write a style element, which the page's policy does not allow.
export const Menu = ({ trigger, items, align = 'end' }: MenuProps) => (
  <DropdownMenu.Root modal={false}>
    <DropdownMenu.Trigger asChild>{trigger}</DropdownMenu.Trigger>
    <DropdownMenu.Portal>
      <DropdownMenu.Content
        align={align}
        sideOffset={4}
        collisionPadding={8}
        className="z-30 max-h-[min(70dvh,480px)] min-w-[200px] overflow-y-auto rounded-panel border border-line-2 bg-raised p-1 text-ink shadow-overlay rise"
      >
        {items.map((item, at) => (
          // A menu is written once and does not change its order.
          <Item key={at} item={item} />
        ))}
      </DropdownMenu.Content>
    </DropdownMenu.Portal>
  </DropdownMenu.Root>
)
