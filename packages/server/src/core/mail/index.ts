/**
 * The mail room: letters that are sent when their cause is durable, and again until a server takes them.
 *
 * Invariants: a letter is queued in the transaction of its cause; what waits is sealed, since letters hold one-time links; nobody is told
 * whether an address is known.
 */
import type { Tx } from '../events/index.ts'
import type { Jobs } from '../jobs/index.ts'
import type { Log } from '../kernel/ctx.ts'
import { HubError } from '../kernel/errors.ts'
import type { IdMaker } from '../kernel/ids.ts'
import type { Sealer } from '../kernel/seal.ts'
import type { Letter, Mailer } from '../ports/mailer.ts'

export interface Mail {
  /** Is there a server to send by? */
  readonly isOn: boolean
  /** Queues a letter inside the caller's transaction; nothing where mail is off. Errors: `invalid` address. */
  post(tx: Pick<Tx, 'q' | 'after'>, letter: Letter): Promise<void>
  /** A page of the hub, as people outside reach it. */
  linkTo(path: string): string
}

export interface MailDeps {
  readonly jobs: Jobs
  readonly ids: IdMaker
  readonly sealer: Sealer
  readonly log: Log
  /** Absent where no server is set. */
  readonly mailer: Mailer | undefined
  readonly publicUrl: string | undefined
}

const job = 'mail'
const addressCharsMax = 254
/** One mailbox: no list, no header of its own. */
const addressForm = /^[^\s@<>(),;:"\\[\]]+@[^\s@<>(),;:"\\[\]]+$/

/** Is it one that letters go to? Directories and contracts hold others. */
export const isAddress = (text: string): boolean =>
  text.length <= addressCharsMax && addressForm.test(text)

export const makeMail = ({ jobs, ids, sealer, log, mailer, publicUrl }: MailDeps): Mail => {
  jobs.handle(job, async (payload) => {
    if (mailer === undefined) {
      log.warn({}, 'a letter is not sent: mail was turned off')
      return
    }
    // A cast because only `post` queues these.
    const { sealed } = payload as { sealed: string }
    await mailer.send(JSON.parse(sealer.unseal(sealed)) as Letter)
  })

  return {
    isOn: mailer !== undefined,

    async post(tx, letter) {
      if (!isAddress(letter.to)) {
        throw new HubError('invalid', `"${letter.to.slice(0, 80)}" is no mail address.`)
      }
      if (mailer === undefined) return
      const sealed = sealer.seal(JSON.stringify(letter))
      await jobs.enqueue(tx, { kind: job, workKey: `${job}:${ids()}`, payload: { sealed } })
    },

    linkTo: (path) => `${publicUrl ?? ''}${path}`,
  }
}
