/** Pages of settings: their names at the side (above, where it is narrow), one of them at work. */
import { type ReactNode, useEffect, useRef } from 'react'
import { Go } from './Go.tsx'
import { Heading, useTitle } from './Page.tsx'

export interface Section {
  /** Last part of the address; '' for the first. */
  readonly slug: string
  readonly label: string
  readonly page: ReactNode
  /** Wider than a form. */
  readonly isWide?: boolean
}

interface FrameProps {
  /** What the settings are of. */
  readonly of: ReactNode
  readonly ofName: string
  /** Address of the first section. */
  readonly to: string
  readonly sections: readonly Section[]
  readonly current: string
  /** Pages of a repo have their heading above. */
  readonly level?: 1 | 2
}

/** Where they stand in a line, the current one comes into sight. */
const useInSight = (current: string) => {
  const ref = useRef<HTMLUListElement>(null)
  useEffect(() => {
    const list = ref.current
    const here = list?.querySelector('[aria-current]')
    if (list == null || !(here instanceof HTMLElement)) return
    list.scrollLeft = here.offsetLeft - list.offsetLeft - (list.clientWidth - here.clientWidth) / 2
  }, [current])
  return ref
}

const Side = ({ of, ofName, to, sections, current }: Omit<FrameProps, 'level'>) => {
  const ref = useInSight(current)
  return (
    <div className="shrink-0 md:w-[208px]">
      <div className="mb-3 min-w-0 text-dense text-ink-3 max-md:mb-1">{of}</div>
      <nav aria-label={`Settings of ${ofName}`}>
        <ul
          ref={ref}
          className="flex gap-0.5 overflow-x-auto max-md:border-b max-md:border-line md:flex-col"
        >
          {sections.map(({ slug, label }) => (
            <li key={slug}>
              <Go
                to={slug === '' ? to : `${to}/${slug}`}
                aria-current={slug === current ? 'page' : undefined}
                className="flex h-8 items-center rounded-control px-2.5 text-dense whitespace-nowrap text-ink-2 hover:bg-hover hover:text-ink aria-[current]:bg-selected aria-[current]:font-semibold aria-[current]:text-accent pointer-coarse:h-11"
              >
                {label}
              </Go>
            </li>
          ))}
        </ul>
      </nav>
    </div>
  )
}

export const SettingsFrame = ({ level = 1, ...side }: FrameProps) => {
  const { sections, current, ofName } = side
  const section = sections.find(({ slug }) => slug === current) ?? sections[0]
  const label = section?.label ?? 'Settings'
  useTitle(label, ofName)
  return (
    <div className="mx-auto flex max-w-[1200px] gap-8 px-4 py-6 max-md:flex-col max-md:gap-4 sm:px-6">
      <Side {...side} />
      <div
        className={`flex min-w-0 flex-1 flex-col gap-6 ${section?.isWide === true ? '' : 'max-w-[720px]'}`}
      >
        {level === 1 ? (
          <Heading key={label}>{label}</Heading>
        ) : (
          <h2 className="text-title">{label}</h2>
        )}
        {section?.page}
      </div>
    </div>
  )
}
