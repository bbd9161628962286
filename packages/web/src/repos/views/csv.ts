/** The first rows of a table as text: commas or tabs, quotes doubled inside quotes (RFC 4180). */

export interface Rows {
  readonly rows: readonly (readonly string[])[]
  /** There are more than were read. */
  readonly isCut: boolean
}

/** Reads at most `rowsMax` rows of at most `cellsMax` cells. Never throws: what is odd is shown as it stands. */
export const readRows = (
  text: string,
  separator: ',' | '\t',
  { rowsMax = 500, cellsMax = 200 } = {},
): Rows => {
  const rows: string[][] = []
  let row: string[] = []
  let cell = ''
  let isQuoted = false
  const endCell = (): void => {
    if (row.length < cellsMax) row.push(cell)
    cell = ''
  }
  for (let at = 0; at < text.length; at += 1) {
    const c = text.charAt(at)
    if (isQuoted) {
      if (c !== '"') cell += c
      else if (text.charAt(at + 1) === '"') {
        cell += '"'
        at += 1
      } else isQuoted = false
    } else if (c === '"' && cell === '') isQuoted = true
    else if (c === separator) endCell()
    else if (c === '\n') {
      endCell()
      rows.push(row)
      row = []
      if (rows.length >= rowsMax) return { rows, isCut: at < text.length - 1 }
    } else if (c !== '\r') cell += c
  }
  if (cell !== '' || row.length > 0) {
    endCell()
    rows.push(row)
  }
  return { rows, isCut: false }
}
