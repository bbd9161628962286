/** Words that others wrote, as the hub has rendered and sanitised them. Links inside the hub stay inside the app. */
import { useEffect, useRef } from 'react'
import { useGo } from './Go.tsx'
import { basePath } from '../app/base.ts'

/** The element a card's own anchor names. */
const jumpTo = (id: string): void => {
  const target = document.querySelector(`#${CSS.escape(id)}`)
  target?.scrollIntoView({ behavior: 'smooth', block: 'start' })
}

/** What is too wide to be seen at once can be reached, and then moved, by keys. */
const openToKeys = (text: HTMLElement): void => {
  for (const one of text.querySelectorAll<HTMLElement>('pre, table')) {
    if (one.scrollWidth > one.clientWidth) one.tabIndex = 0
    else one.removeAttribute('tabindex')
  }
}

const bytesPath = /\/(?:resolve|raw)\//

export const Markdown = ({ html }: { readonly html: string }) => {
  const go = useGo()
  const ref = useRef<HTMLDivElement>(null)
  useEffect(() => {
    const text = ref.current
    if (text === null) return undefined
    const watcher = new ResizeObserver(() => openToKeys(text))
    watcher.observe(text)
    return () => watcher.disconnect()
  }, [html])
  const follow = (event: React.MouseEvent<HTMLDivElement>): void => {
    const link = event.target instanceof Element ? event.target.closest('a') : null
    const isPlain = event.button === 0 && !event.metaKey && !event.ctrlKey && !event.shiftKey
    if (link === null || !isPlain || link.target === '_blank') return
    const written = link.getAttribute('href') ?? ''
    if (written.startsWith('#')) {
      event.preventDefault()
      jumpTo(written.slice(1))
      return
    }
    if (link.origin !== location.origin || bytesPath.test(link.pathname)) return
    event.preventDefault()
    go(link.pathname.slice(basePath.length) + link.search + link.hash)
  }
  return (
    // Links inside act by themselves; this only keeps them in the app. The hub has sanitised the text.
    // oxlint-disable-next-line jsx-a11y/click-events-have-key-events, jsx-a11y/no-static-element-interactions, react/no-danger
    <div ref={ref} className="prose" onClick={follow} dangerouslySetInnerHTML={{ __html: html }} />
  )
}
