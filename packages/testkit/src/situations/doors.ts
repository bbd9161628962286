/** Every door at which something can be asked of a repo, and how it is asked there. */
import { batch, local, offered } from '../house/calls.ts'
import { planOf, reader } from '../house/xet-calls.ts'
import { apiDoors } from './api-doors.ts'
import { type Asker, by, objectOf, type SituationDoor } from './asking.ts'
import { bytesDoors } from './bytes-doors.ts'
import { hfDoors } from './hf-doors.ts'
import type { Outcome, Situation } from './situation.ts'

/** The tickets of somebody who may read now. */
export const takeTickets = async (asker: Omit<Asker, 'tickets'>): Promise<Asker['tickets']> => {
  const { dev, repo, weights, token } = asker
  const object = objectOf(asker)
  const asked = await batch(dev, repo, [object], { ...by(asker), operation: 'download' })
  const grant = await reader(dev, repo, token)
  const { xorbs } = await planOf(dev, grant, weights.hash)
  const [data] = Object.values(xorbs).flat()
  const bytes = data?.ranges[0]?.bytes
  if (data === undefined || bytes === undefined) throw new Error('expected a range of chunks')
  const listed = await dev.ask('GET', `/api/models/${repo}/refs`, by(asker))
  // A cast because the answer's form is the protocol's.
  const { branches } = listed.json() as { branches: { targetCommit: string }[] }
  return {
    commit: branches[0]?.targetCommit ?? '',
    link: local(offered(asked).actions?.download?.href),
    data: { link: local(data.url), range: `bytes=${bytes.start}-${bytes.end}` },
    grant,
  }
}

/** Every door of the protocols and every call of the API. */
export const situationDoors: readonly SituationDoor[] = [...hfDoors, ...bytesDoors, ...apiDoors]

/** Doors at which an action is not offered: nothing is asked there, and the table says so. */
export const notOffered: readonly string[] = ['git (smart HTTP)', 'OCI', 'MLflow', 'inference']

/** What a door said, in the words of the table. */
export const outcomeAt = async (door: SituationDoor, asker: Asker): Promise<Outcome> => {
  const answer = await door.ask(asker)
  const { status, headers, text } = answer
  if (status < 400) return door.said === undefined ? 'ok' : door.said(answer, asker)
  const reason = headers['x-weighhouse-reason']
  if (reason !== undefined) return reason
  if (status === door.passes) return 'ok'
  return status === 404 || status === 401 ? 'hidden' : `${status}: ${text.slice(0, 200)}`
}

/** Its owner's administrators look after what they may not write to now, unless a court holds it. */
const adminOf = ({ who, write }: Situation): Outcome => {
  if (write !== 'TAKEDOWN' && write !== 'QUARANTINE') return write
  return who === 'ann' || who === 'root' ? 'ok' : 'ROLE_TOO_LOW'
}

const spokenAt = (situation: Situation, action: SituationDoor['action']): Outcome => {
  if (action === 'admin') return adminOf(situation)
  if (action !== 'see') return situation[action]
  return situation.browse === 'hidden' ? 'hidden' : 'ok'
}

/** Whatever is refused, that it exists is known to all from whom it is not hidden. */
export const expectedAt = (situation: Situation, door: SituationDoor): Outcome => {
  const outcome = spokenAt(situation, door.action)
  return door.isSilent === true && outcome !== 'ok' ? 'hidden' : outcome
}
