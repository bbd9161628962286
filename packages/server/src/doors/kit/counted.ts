/** Counts what is given under agreements, whichever door gives it. */
import type { Reservation } from '#core/hub.ts'

/** Room is set aside before the work and counted when it went well: what fails on our side costs nobody anything. */
export const counted = async <T>(
  reserve: () => Promise<Reservation | undefined>,
  work: () => Promise<T>,
): Promise<T> => {
  const reservation = await reserve()
  try {
    const given = await work()
    await reservation?.commit()
    return given
  } catch (error) {
    await reservation?.release()
    throw error
  }
}
