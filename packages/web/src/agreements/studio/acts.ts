/** What a side can do next, in the words of its button. */
import { hub } from '../../app/api.ts'
import type { Act, Agreement, Named } from '../data.ts'

/** Acts that need a reason, which the other side reads. */
export type Reasoned =
  | 'rejected'
  | 'withdrawn'
  | 'suspended'
  | 'resumed'
  | 'terminated'
  | 'rescinded'

/** Ending it asks for more than a reason. */
export type WithoutChoice = Exclude<Reasoned, 'terminated'>

interface ReasonedWords {
  readonly button: string
  readonly title: string
  /** What happens at once, and what cannot be called back. */
  readonly effect: string
  readonly isGrave: boolean
}

export const reasonedWords: Readonly<Record<Reasoned, ReasonedWords>> = {
  rejected: {
    button: 'Reject',
    title: 'Reject this version',
    effect: 'The talk about this version ends. Either side may write another one.',
    isGrave: true,
  },
  withdrawn: {
    button: 'Withdraw',
    title: 'Withdraw this version',
    effect: 'It is taken off the table. What is in force is not touched.',
    isGrave: true,
  },
  suspended: {
    button: 'Suspend',
    title: 'Suspend the agreement',
    effect:
      'The hub gives no more access under it from now on, for anybody, at every door. What was downloaded cannot be called back.',
    isGrave: true,
  },
  resumed: {
    button: 'Resume',
    title: 'Resume the agreement',
    effect: 'Everybody who had access has it again from now on.',
    isGrave: false,
  },
  terminated: {
    button: 'End early',
    title: 'End the agreement early',
    effect:
      'It cannot be taken up again. Access stops then, and the duties of the end begin: deleting, certifying.',
    isGrave: true,
  },
  rescinded: {
    button: 'Ask to undo',
    title: 'Ask to undo the agreement',
    effect: 'When all parties have asked, it ends as if it had not been signed.',
    isGrave: true,
  },
}

/** How it is ended early. */
export const endings = [
  {
    value: 'notice',
    label: 'With notice',
    effect: 'It stays in force for the days of notice that it says.',
  },
  {
    value: 'cause',
    label: 'At once, for a cause',
    effect:
      'It ends now, without notice. Say what the other side did: without a cause that counts, this may itself break the agreement.',
  },
] as const

const calls: Readonly<
  Record<WithoutChoice, (asked: Named & { reason: string; seq: number }) => Promise<void>>
> = {
  rejected: (asked) => hub.rejectAgreement(asked),
  withdrawn: (asked) => hub.withdrawAgreement(asked),
  suspended: (asked) => hub.suspendAgreement(asked),
  resumed: (asked) => hub.resumeAgreement(asked),
  rescinded: (asked) => hub.rescindAgreement(asked),
}

/** The state that was on the screen goes along: what changed meanwhile is not acted upon. */
export const sayWithReason = (
  act: WithoutChoice,
  named: Named,
  { reason, seq }: { readonly reason: string; readonly seq: number },
): Promise<void> => calls[act]({ ...named, reason, seq })

const isReasoned = (act: Act): act is Reasoned => Object.hasOwn(reasonedWords, act)

/** In the order of the buttons. One's own offer is withdrawn and not rejected. */
export const reasonedActs = ({ may, candidate }: Agreement, orgId: string): Reasoned[] =>
  may.filter(isReasoned).filter((act) => act !== 'rejected' || candidate?.author !== orgId)
