/** The pattern of a text that holds this word, in lower case, for `… like … escape '\'`: the word's own `%` and `_` stand for themselves. */
export const likePattern = (word: string): string =>
  `%${word.toLowerCase().replace(/[\\%_]/g, (c) => `\\${c}`)}%`
