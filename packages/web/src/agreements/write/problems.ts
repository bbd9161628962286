/** What stands in the way of a text, and at which question. */
import { ApiError } from '@weighhouse/contract/client.ts'

export interface Problem {
  /** Absent where it belongs to no question. */
  readonly field: string | undefined
  readonly message: string
}

/** What is said at one question. */
export const messageAt = (problems: readonly Problem[], field: string): string | undefined =>
  problems.find((one) => one.field === field)?.message

const reposReasons: ReadonlySet<unknown> = new Set(['repo_not_shareable', 'licence_blocked'])

export const problemIn = (error: Error): Problem => {
  if (!(error instanceof ApiError)) return { field: undefined, message: error.message }
  const { details, message, code } = error
  const { field, reason } = details
  // The hub names the question and its field; here it stands at the question.
  if (typeof field === 'string') return { field, message: message.replace(` (${field})`, '') }
  if (reposReasons.has(reason)) return { field: 'repos', message }
  return { field: code === 'account_not_found' ? 'partner' : undefined, message }
}

/** Puts the cursor where the problem is; a question's control has its name. */
export const focusField = (form: HTMLFormElement | null, field: string | undefined): void => {
  if (field === undefined || form === null) return
  const found = [...form.querySelectorAll<HTMLElement>('input, select, textarea')].find(
    (one) => one.getAttribute('name') === field,
  )
  found?.focus()
}
