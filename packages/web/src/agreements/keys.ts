/** Begins the keys of what is read for the viewer, in whatever organisations: the name of one, which stands there else, is a text. */
export const viewersKey = ['agreements', { of: 'viewer' }] as const
