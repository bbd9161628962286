/** The first rows of a CSV or TSV file. */
import type { FileView } from '../data.ts'
import { plural } from '../../parts/words.ts'
import { readRows } from './csv.ts'

/** What is missing does not make words of a column of numbers. */
const isNumber = (cell = ''): boolean => cell.trim() === '' || Number.isFinite(Number(cell))

export const TableView = ({ file }: { readonly file: FileView }) => {
  const separator = file.path.toLowerCase().endsWith('.tsv') ? '\t' : ','
  const { rows, isCut } = readRows(file.text ?? '', separator)
  const [head = [], ...body] = rows
  const isNumbers = head.map(
    (_name, at) => body.length > 0 && body.every((row) => isNumber(row[at])),
  )
  const alignOf = (at: number): string => (isNumbers[at] === true ? 'text-end' : 'text-start')
  return (
    <>
      <div className="max-h-[70dvh] overflow-auto" tabIndex={0} role="region" aria-label="Rows">
        <table className="border-collapse text-dense" dir="ltr" translate="no">
          <thead className="sticky top-0 bg-surface">
            <tr>
              {head.map((name, at) => (
                <th
                  key={`${at}-${name}`}
                  scope="col"
                  className={`border-b border-line-2 px-4 py-2 font-semibold whitespace-nowrap ${alignOf(at)}`}
                >
                  {name}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {body.map((row, line) => (
              // Rows of a file are known by their place in it.
              <tr key={line} className="border-b border-line hover:bg-hover">
                {row.map((cell, at) => (
                  <td
                    key={at}
                    className={`max-w-96 truncate px-4 py-1.5 ${alignOf(at)}`}
                    title={cell}
                  >
                    {cell}
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <p className="border-t border-line px-4 py-2 text-meta text-ink-3">
        {plural(body.length, 'row')}
        {isCut || !file.isWhole ? ', the first of the file' : ''}
      </p>
    </>
  )
}
