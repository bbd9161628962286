/** Something that is asked of the hub once, however often its button is pressed: a second press makes no second token. */
import { ApiError } from '@weighhouse/contract/client.ts'
import {
  type UseMutateAsyncFunction,
  type UseMutationOptions,
  type UseMutationResult,
  useMutation,
} from '@tanstack/react-query'
import { useCallback, useRef } from 'react'

/** The hub's own words are for clients, which have tokens. */
const ended = 'You are signed out by now: your session has ended. Sign in again, then repeat this.'

const forPeople = (error: unknown): unknown =>
  error instanceof ApiError && error.details['reason'] === 'not_signed_in'
    ? new ApiError(error.status, { code: error.code, message: ended, details: error.details })
    : error

/** As `useMutation`; whoever asks for the same again before it is done gets the answer of the first time. */
export const useDeed = <Out, In = void>({
  mutationFn,
  ...options
}: Omit<UseMutationOptions<Out, Error, In>, 'mutationFn'> & {
  readonly mutationFn: (input: In) => Promise<Out>
}): UseMutationResult<Out, Error, In> => {
  const mutation = useMutation<Out, Error, In>({
    ...options,
    mutationFn: async (input) => {
      try {
        return await mutationFn(input)
      } catch (error) {
        throw forPeople(error)
      }
    },
  })
  const running = useRef(new Map<string, Promise<Out>>())
  const { mutateAsync } = mutation
  const once = useCallback<UseMutateAsyncFunction<Out, Error, In>>(
    (...asked) => {
      const key = JSON.stringify(asked[0]) ?? ''
      const before = running.current.get(key)
      if (before !== undefined) return before
      const now = mutateAsync(...asked).finally(() => running.current.delete(key))
      running.current.set(key, now)
      return now
    },
    [mutateAsync],
  )
  // Who asks in this way learns of a refusal from the state.
  const begin = useCallback<typeof mutation.mutate>(
    (...asked) => void once(...asked).catch(() => undefined),
    [once],
  )
  return { ...mutation, mutate: begin, mutateAsync: once }
}
