/** Where the address is. */
import { type ParsedLocation, useLocation } from '@tanstack/react-router'
import { basePath } from './base.ts'

/** Path of an address as it is written, encoded, without the base under which the hub lives. */
export const hereIn = ({ publicHref }: Pick<ParsedLocation, 'publicHref'>): string => {
  const path = publicHref.replace(/[?#].*$/, '')
  return path.startsWith(`${basePath}/`) ? path.slice(basePath.length) : '/'
}

export const useHere = (): string => hereIn(useLocation())
