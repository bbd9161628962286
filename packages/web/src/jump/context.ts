/** The palette, opened from anywhere with what is typed first: `/` for files. */
import { createContext, use } from 'react'

export const JumpContext = createContext<(begin: string) => void>(() => undefined)

export const useJump = (): ((begin: string) => void) => use(JumpContext)
