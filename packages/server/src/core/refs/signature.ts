/** How an actor signs commits and tags made here. */
import { cleanSignaturePart, type Signature } from '@weighhouse/formats/git/commit.ts'
import type { Actor } from '../kernel/actor.ts'

/** Times are whole seconds, as git keeps them. The address leads nowhere: it only tells authors apart. */
export const signatureOf = (actor: Actor, nowMs: number, mailHost: string): Signature => {
  const name = actor.kind === 'user' ? actor.name : 'Weighhouse'
  return {
    name: cleanSignaturePart(name),
    email: cleanSignaturePart(`${name.toLowerCase()}@users.noreply.${mailHost}`),
    atMs: Math.floor(nowMs / 1000) * 1000,
    offsetMinutes: 0,
  }
}
