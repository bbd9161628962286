/** What a form began with. Others may change it behind the form: what is written is about what was read. */
import { useState } from 'react'

/** The first value that was there, whatever comes after it. */
export const useFirst = <T>(value: T | undefined): T | undefined => {
  const [first, setFirst] = useState(value)
  if (first === undefined && value !== undefined) setFirst(value)
  return first ?? value
}
