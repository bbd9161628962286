/** The frame of a page: its title in the window, and focus on its heading after a walk to it. */
import { type ReactNode, useEffect, useLayoutEffect, useRef } from 'react'

/** "What · Where · Weighhouse" */
export const useTitle = (...words: readonly string[]): void => {
  const title = [...words.filter((word) => word !== ''), 'Weighhouse'].join(' · ')
  useEffect(() => {
    document.title = title
  }, [title])
}

interface HeadingProps {
  readonly children: ReactNode
  readonly className?: string
}

let isFirst = true

/** The one `h1`. It takes focus when a page follows another, so that those who listen hear where they are. */
export const Heading = ({ children, className = 'text-title' }: HeadingProps) => {
  const ref = useRef<HTMLHeadingElement>(null)
  // At once, and not when the browser is idle: somebody may type into a field of the page by then.
  useLayoutEffect(() => {
    if (!isFirst) ref.current?.focus({ preventScroll: true })
    isFirst = false
  }, [])
  return (
    <h1 ref={ref} tabIndex={-1} className={className}>
      {children}
    </h1>
  )
}

/** One column, for forms and for pages of one thing. */
export const Column = ({
  children,
  width = 640,
}: {
  readonly children: ReactNode
  readonly width?: number
}) => (
  <div
    className="mx-auto flex w-full flex-col gap-6 px-4 py-8 sm:px-6"
    style={{ maxWidth: width + 48 }}
  >
    {children}
  </div>
)
