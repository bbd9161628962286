/** Words that others wrote, as the hub has rendered and sanitised them. Links inside the hub stay inside the app. */
import { useGo } from './Go.tsx'
import { basePath } from '../app/base.ts'

/** The element a card's own anchor names. */
const jumpTo = (id: string): void => {
  const target = document.querySelector(`#${CSS.escape(id)}`)
  target?.scrollIntoView({ behavior: 'smooth', block: 'start' })
}

const bytesPath = /\/(?:resolve|raw)\//

export const Markdown = ({ html }: { readonly html: string }) => {
  const go = useGo()
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
    <div className="prose" onClick={follow} dangerouslySetInnerHTML={{ __html: html }} />
  )
}
