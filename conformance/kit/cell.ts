import type { Tally } from './junit.ts'

/** A client made ready to run: its commands, one JUnit report each. */
export interface Prepared {
  /** The client's own version, as installed. */
  readonly version: string
  readonly steps: readonly Step[]
}

export interface Step {
  readonly command: string
  readonly args: (report: string) => readonly string[]
  readonly cwd: string
  readonly env?: Readonly<Record<string, string>>
}

/** One client version of the matrix. */
export interface Cell {
  readonly name: string
  /** Made on the fly from the newest releases, run only by `--newest`. */
  readonly newest?: boolean
  readonly prepare: () => Promise<Prepared>
  readonly timeoutMs?: number
  /** Most of its time it waits for the hub's own clocks: it runs beside the others and takes no place among them. */
  readonly waits?: boolean
  /** Settings of the client in the environment, beyond where the hub is and a home of its own. */
  readonly clientEnv?: Readonly<Record<string, string>>
  /** Puts a recorder between the client and its hub; the tests find it under `CONFORMANCE_RECORDER`. */
  readonly recorded?: boolean
}

export interface CellResult {
  readonly name: string
  readonly version: string
  readonly tally: Tally
  readonly seconds: number
  readonly details: string
}
