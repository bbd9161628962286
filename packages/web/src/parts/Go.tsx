/**
 * A link inside the hub. `to` is a path of the hub, encoded, without the base under which the hub lives. Other links are plain anchors.
 */
import { useRouter } from '@tanstack/react-router'
import type { AnchorHTMLAttributes, ReactNode } from 'react'
import { hrefOf } from '../app/base.ts'

interface GoProps extends Omit<AnchorHTMLAttributes<HTMLAnchorElement>, 'href'> {
  readonly to: string
  readonly children: ReactNode
}

export const Go = ({ to, children, onClick, ...rest }: GoProps) => {
  const router = useRouter()
  return (
    <a
      {...rest}
      href={hrefOf(to)}
      onClick={(event) => {
        onClick?.(event)
        const isPlain =
          event.button === 0 && !(event.metaKey || event.ctrlKey || event.shiftKey || event.altKey)
        if (event.defaultPrevented || !isPlain || rest.target === '_blank') return
        event.preventDefault()
        router.history.push(hrefOf(to))
      }}
    >
      {children}
    </a>
  )
}

/** The same as a function, for rows, shortcuts and forms. */
export const useGo = (): ((to: string) => void) => {
  const { history } = useRouter()
  return (to) => history.push(hrefOf(to))
}

/** A link of running text. */
export const TextLink = (props: GoProps) => (
  <Go
    {...props}
    className={`text-link hover:underline underline-offset-2 ${props.className ?? ''}`}
  />
)
