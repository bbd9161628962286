/** What a browser says of itself, as people say it. */

const browsers: readonly (readonly [RegExp, string])[] = [
  [/\bEdg\//, 'Edge'],
  [/\bFirefox\//, 'Firefox'],
  [/\bChrom(?:e|ium)\//, 'Chrome'],
  [/\bSafari\//, 'Safari'],
]

const systems: readonly (readonly [RegExp, string])[] = [
  [/\bAndroid\b/, 'Android'],
  [/\biPhone|iPad\b/, 'iOS'],
  [/\bWindows\b/, 'Windows'],
  [/\bMac OS X\b/, 'macOS'],
  [/\bLinux\b/, 'Linux'],
]

const find = (all: typeof browsers, agent: string): string | undefined =>
  all.find(([pattern]) => pattern.test(agent))?.[1]

/** "Firefox on Linux"; what is no browser keeps its own words. */
export const programWords = (agent: string | null): string => {
  if (agent === null || agent === '') return 'An unknown program'
  const browser = find(browsers, agent)
  if (browser === undefined) return agent.slice(0, 80)
  const system = find(systems, agent)
  return system === undefined ? browser : `${browser} on ${system}`
}
