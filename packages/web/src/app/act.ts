/** One thing that somebody does: asked of the hub, then what it changed is read again. Nothing is shown before the hub has done it. */
import { type UseMutationResult, useInfiniteQuery, useQueryClient } from '@tanstack/react-query'
import { useProof } from '../signin/Proofs.tsx'
import { useToast } from '../parts/Toast.tsx'
import { useDeed } from './deed.ts'

interface Deed<In, Out> {
  readonly act: (input: In) => Promise<Out>
  /** Keys of what it changes. */
  readonly stale: readonly (readonly unknown[])[]
  /** Said when it is done. */
  readonly done?: string | ((answer: Out, input: In) => string)
  /** Said on the button of a proof, where one is asked for first: "Sign for lab". */
  readonly verb?: string
  readonly onDone?: (answer: Out, input: In) => void
  /** Says a refusal in a toast too, for where no form shows it. */
  readonly tellsRefusal?: boolean
}

export const useAct = <In = void, Out = void>({
  act,
  stale,
  done,
  verb,
  onDone,
  tellsRefusal = false,
}: Deed<In, Out>): UseMutationResult<Out, Error, In> => {
  const cache = useQueryClient()
  const toast = useToast()
  const prove = useProof()
  return useDeed<Out, In>({
    mutationFn: (input) => prove(() => act(input), verb),
    onSuccess: async (answer, input) => {
      onDone?.(answer, input)
      if (done !== undefined) toast({ text: typeof done === 'string' ? done : done(answer, input) })
      for (const queryKey of stale) await cache.invalidateQueries({ queryKey })
    },
    onError: (error) => {
      if (tellsRefusal) toast({ text: error.message, isProblem: true })
    },
  })
}

export interface PageOf<T> {
  readonly items: readonly T[]
  readonly next: string | null
}

/** A list that comes in pages; `items` is undefined the first time. */
export const usePages = <T>(
  key: readonly unknown[],
  read: (page: { cursor?: string }) => Promise<PageOf<T>>,
) => {
  const query = useInfiniteQuery({
    queryKey: key,
    queryFn: ({ pageParam }) => read(pageParam === '' ? {} : { cursor: pageParam }),
    initialPageParam: '',
    getNextPageParam: (page) => page.next ?? undefined,
  })
  return { ...query, items: query.data?.pages.flatMap((page) => page.items) }
}

export type Pages<T> = ReturnType<typeof usePages<T>>
