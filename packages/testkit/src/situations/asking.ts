/** How something is asked of a repo, whatever the door. */
import type { Answer, DevHouse } from '../dev-house.ts'
import { sha256 } from '../house/calls.ts'
import type { Grant } from '../house/xet-calls.ts'
import type { XetFile } from '../house/xet-kit.ts'
import type { Outcome } from './situation.ts'

export interface Asker {
  readonly dev: DevHouse
  readonly repo: string
  readonly weights: XetFile
  readonly token: string | undefined
  /** Taken while everything was allowed: what was given out is decided again when it is used. */
  readonly tickets: {
    readonly link: string
    readonly data: DataLink
    readonly grant: Grant
    readonly commit: string
  }
}

/** A link to the bytes of chunks, and the range that it is for. */
export interface DataLink {
  readonly link: string
  readonly range: string
}

export interface SituationDoor {
  readonly name: string
  readonly action: 'see' | 'browse' | 'read' | 'write' | 'admin'
  ask(asker: Asker): Promise<Answer>
  /** Where an answer of 200 may say no. */
  readonly said?: (answer: Answer, asker: Asker) => Outcome
  /** What is asked for is nonsense, so that nothing is made: this status says that it was allowed. */
  readonly passes?: number
  /** Lists what may be told and says nothing of the rest, or must say no more than that there is nothing. */
  readonly isSilent?: boolean
}

export const by = ({ token }: Pick<Asker, 'token'>) => (token === undefined ? {} : { token })

export const get =
  (path: (asker: Asker) => string, method = 'GET') =>
  (asker: Asker): Promise<Answer> =>
    asker.dev.ask(method, path(asker), by(asker))

export const send =
  (method: string, path: (asker: Asker) => string, body: (asker: Asker) => object) =>
  (asker: Asker): Promise<Answer> =>
    asker.dev.ask(method, path(asker), { ...by(asker), body: body(asker) })

export const objectOf = ({ weights }: Pick<Asker, 'weights'>) => ({
  oid: sha256(weights.bytes),
  size: weights.bytes.length,
})

export const isListed = ({ text }: Answer, { repo }: Asker): Outcome =>
  text.includes(`"${repo}"`) ? 'ok' : 'hidden'
