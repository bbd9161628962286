/** A few threads, each with conversations of its own. */
import { getCompileCacheDir } from 'node:module'
import { dirname } from 'node:path'
import { type ResourceLimits, Worker } from 'node:worker_threads'
import { assert } from '#core/kernel/errors.ts'
import { type Compute, ComputeError, type Work } from '#core/ports/compute.ts'
import { type Batches, makeBatches } from './batches.ts'
import { makeFace } from './face.ts'
import { type Line, makeLine } from './line.ts'
import type { Plan } from './messages.ts'
import type { Heard } from './worker.ts'

/** For objects only: bytes live outside. Two thousand conversations fit; a thread that needs more is lost, and nothing else. */
const heapLimits: ResourceLimits = {
  maxOldGenerationSizeMb: 64,
  // Small, so that what hangs on short-lived objects is let go early.
  maxYoungGenerationSizeMb: 8,
}

interface Seat {
  readonly worker: Worker
  readonly line: Line
}

const stopping = (): ComputeError => new ComputeError('broken', 'The hub is stopping.')

/**
 * Nothing of ours: what computes on strangers' bytes has no use for secrets. Only where the main thread keeps compiled modules, in a folder
 * of its version inside the one that is named: a thread then starts in half the time.
 */
const environment = (): Record<string, string> => {
  const folder = getCompileCacheDir()
  return folder === undefined ? {} : { NODE_COMPILE_CACHE: dirname(folder) }
}

/** Starts a thread. `onDeath` is called before its conversations are rejected, and perhaps again when it is gone. */
const startSeat = (batches: Batches, onDeath: (seat: Seat) => void): Seat => {
  const url = new URL('worker.ts', import.meta.url)
  const worker = new Worker(url, {
    name: 'compute',
    env: environment(),
    // Flags are for the program that was started, and some refuse a thread.
    execArgv: [],
    resourceLimits: heapLimits,
  })
  const line = makeLine(
    (ask, memory) => worker.postMessage(ask, memory),
    batches.giveBack,
    (isBusy) => (isBusy ? worker.ref() : worker.unref()),
  )
  const seat = { worker, line }
  const die = (reason: string, cause?: unknown): void => {
    onDeath(seat)
    line.cut(new ComputeError('broken', `A computing thread died (${reason}): try again.`, cause))
  }
  worker.unref()
  worker.on('message', (answer: Heard) => line.take(answer))
  worker.on('error', (error) => die(error instanceof Error ? error.message : 'error', error))
  worker.on('messageerror', (error) => {
    die('unreadable answer', error)
    void worker.terminate()
  })
  worker.on('exit', (code) => die(`code ${code}`))
  return seat
}

/** A thread not yet started is taken before a busy one, and after an idle one. */
const loadOf = (seat: Seat | undefined): number => seat?.line.openCount() ?? 0.5

/** At most `threads` threads. Whoever opens the pool disposes it, which ends what is still computed. */
export const openThreadCompute = ({ threads }: { threads: number }): Promise<Compute> => {
  assert(Number.isInteger(threads) && threads > 0, `${threads} threads`)
  const seats = new Map<number, Seat>()
  const batches = makeBatches()
  let isClosed = false

  const seatAt = (place: number): Seat => {
    const seat =
      seats.get(place) ??
      startSeat(batches, (dead) => {
        if (seats.get(place) === dead) seats.delete(place)
      })
    seats.set(place, seat)
    return seat
  }

  const open = <Yield, Result>(plan: Plan): Work<Yield, Result> => {
    if (isClosed) return closedLine().open(plan)
    let place = 0
    for (let i = 1; i < threads; i += 1) {
      if (loadOf(seats.get(i)) < loadOf(seats.get(place))) place = i
    }
    return seatAt(place).line.open(plan)
  }

  const close = async (): Promise<void> => {
    isClosed = true
    const started = [...seats.values()]
    for (const { line } of started) line.cut(stopping())
    await Promise.all(started.map(({ worker }) => worker.terminate()))
  }

  return Promise.resolve(makeFace(open, batches, close))
}

/** Where nobody computes any more. */
const closedLine = (): Line => {
  const line = makeLine(() => undefined)
  line.cut(stopping())
  return line
}
