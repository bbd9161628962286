/** Shards on their way in. Large ones are few at once: their bytes are held until everything they state is verified. */
import type { FastifyRequest } from 'fastify'
import type { Permit } from '#core/hub.ts'
import type { Ctx } from '#core/kernel/ctx.ts'
import { HubError } from '#core/kernel/errors.ts'
import { limits } from '#core/kernel/limits.ts'
import { bodyBytes } from '../kit/bodies.ts'
import type { Door } from '../kit/context.ts'

export interface ReceivedShard extends Disposable {
  readonly bytes: Uint8Array
}

/** While the client waits for us its connection is silent, and must not be cut for that. */
export const waitingPatiently = async <T>(
  request: FastifyRequest,
  work: Promise<T>,
): Promise<T> => {
  // A request without a connection, as tests inject it, has nothing to set.
  const socket: { setTimeout?: (ms: number) => unknown } = request.raw.socket
  socket.setTimeout?.(0)
  try {
    return await work
  } finally {
    socket.setTimeout?.(limits.stallMs)
  }
}

/** A body in memory that grows as it comes: one that only says it is large takes none. */
const makeBody = () => {
  let memory = new Uint8Array(limits.receiveChunkBytes)
  let length = 0
  return {
    get length() {
      return length
    },
    add(bytes: Uint8Array): void {
      const needed = length + bytes.length
      if (needed > memory.length) {
        const larger = new Uint8Array(Math.max(needed, memory.length * 2))
        larger.set(memory.subarray(0, length))
        memory = larger
      }
      memory.set(bytes, length)
      length = needed
    },
    finish: (): Uint8Array => memory.subarray(0, length),
  }
}

/**
 * The whole body. Whoever receives it disposes it when the shard is named or refused. A large one waits for its place before more of it is
 * read, and loses it when it dawdles. Errors: `too_large`, `busy`.
 */
export const receiveShard = async (
  { hub }: Door,
  request: FastifyRequest,
  ctx: Ctx,
  permit: Permit<'repo.write'>,
): Promise<ReceivedShard> => {
  using held = new DisposableStack()
  const body = makeBody()
  let lateAtMs = Infinity
  for await (const bytes of bodyBytes(request)) {
    const length = body.length + bytes.length
    if (length > limits.shardBytesMax) {
      throw new HubError(
        'too_large',
        `A shard may have ${limits.shardBytesMax} bytes. Send several.`,
      )
    }
    if (length > limits.shardSmallBytesMax && lateAtMs === Infinity) {
      const place = hub.chunks.admitLargeShard(permit, ctx.signal)
      held.use(await waitingPatiently(request, place))
      lateAtMs = hub.clock.nowMs() + limits.largeShardReceiveMs
    }
    if (hub.clock.nowMs() > lateAtMs) {
      throw new HubError('busy', 'This shard came too slowly. Send it again.')
    }
    body.add(bytes)
  }
  const kept = held.move()
  return { bytes: body.finish(), [Symbol.dispose]: () => kept.dispose() }
}
