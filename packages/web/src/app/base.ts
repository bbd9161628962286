/** Where the hub lives: the server writes it into the page, so the app needs no setting of its own. */

/** Path without a slash at its end: '' at the root, `/hub` below one. */
export const basePath: string = new URL('.', document.baseURI).pathname.replace(/\/$/, '')

/** Of the hub itself, for clients and for snippets. */
export const hubUrl: string = `${location.origin}${basePath}`

/** `to` begins with a slash. */
export const hrefOf = (to: string): string => basePath + to
