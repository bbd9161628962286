/** What stands in a DSSE envelope, unchecked. */
import { parseEnvelope } from '@weighhouse/formats/dsse/envelope.ts'

export const payloadIn = (envelope: unknown): unknown => {
  const { payload } = parseEnvelope(envelope)
  const bytes = Uint8Array.from(atob(payload), (letter) => letter.codePointAt(0) ?? 0)
  return JSON.parse(new TextDecoder().decode(bytes))
}
