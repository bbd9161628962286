/** The web app's files, as its build left them: read once, kept in memory, each in the forms a browser may take. */
import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

export interface WebFile {
  readonly type: string
  readonly plain: Buffer
  /** Made by the build; absent where they would not be smaller. */
  readonly br?: Buffer
  readonly gz?: Buffer
}

export interface WebApp {
  readonly assets: ReadonlyMap<string, WebFile>
  readonly mark: Buffer
  /** The page with its base, and the policy under which it runs. */
  page(basePath: string): { html: string; policy: string }
}

const dist = fileURLToPath(new URL('../../../../web/dist/', import.meta.url))

const types: Readonly<Record<string, string>> = {
  js: 'text/javascript; charset=utf-8',
  css: 'text/css; charset=utf-8',
  woff2: 'font/woff2',
  woff: 'font/woff',
  svg: 'image/svg+xml',
}

const readOr = (path: string): Buffer | undefined => {
  try {
    return readFileSync(path)
  } catch {
    return undefined
  }
}

const readAssets = (): Map<string, WebFile> => {
  const files = new Map<string, WebFile>()
  for (const name of readdirSync(`${dist}assets`)) {
    const type = types[name.slice(name.lastIndexOf('.') + 1)]
    if (type === undefined) continue
    const path = `${dist}assets/${name}`
    const br = readOr(`${path}.br`)
    const gz = readOr(`${path}.gz`)
    const plain = readFileSync(path)
    files.set(name, { type, plain, ...(br ? { br } : {}), ...(gz ? { gz } : {}) })
  }
  return files
}

const inlineScript = /<script>([\s\S]*?)<\/script>/

/**
 * Everything comes from this hub, nothing runs inline but the line that sets the theme, nothing may frame the page. Pictures of notebooks
 * are `data:`; a picture does nothing.
 */
const policyOf = (html: string): string => {
  const script = inlineScript.exec(html)?.[1] ?? ''
  const hash = createHash('sha256').update(script).digest('base64')
  return [
    "default-src 'none'",
    `script-src 'self' 'sha256-${hash}'`,
    "style-src 'self'",
    "img-src 'self' data:",
    "font-src 'self'",
    "media-src 'self'",
    "connect-src 'self'",
    "form-action 'self'",
    "base-uri 'self'",
    "frame-ancestors 'none'",
  ].join('; ')
}

/** Undefined where the app has not been built. */
export const openWebApp = (): WebApp | undefined => {
  const index = readOr(`${dist}index.html`)?.toString()
  const mark = readOr(`${dist}mark.svg`)
  if (index === undefined || mark === undefined) return undefined
  const policy = policyOf(index)
  return {
    assets: readAssets(),
    mark,
    // The path is of the configured URL: it cannot hold what would end the attribute.
    page: (basePath) => ({
      html: index.replace('<base href="/"', `<base href="${basePath}/"`),
      policy,
    }),
  }
}
