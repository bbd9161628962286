/**
 * Lets what waits have its turn. The embedded database answers without leaving this thread, so a long run of reads would otherwise hold up
 * every request. No time passes that a test would have to turn.
 */
import { scheduler } from 'node:timers/promises'

export const breathe = (): Promise<void> => scheduler.yield()
