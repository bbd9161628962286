/** Where the address is. */
import { useLocation } from '@tanstack/react-router'
import { basePath } from './base.ts'

/** Path of the address as it is written, encoded, without the base under which the hub lives. */
export const useHere = (): string => {
  const { publicHref } = useLocation()
  const path = publicHref.replace(/[?#].*$/, '')
  return path.startsWith(`${basePath}/`) ? path.slice(basePath.length) : '/'
}
