/** Days as people choose them: a membership until the 3rd holds through the 3rd. */

/** Of a day such as 2026-01-31, where the browser is. */
export const endOfDay = (day: string): string => new Date(`${day}T23:59:59`).toISOString()
