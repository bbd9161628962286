/** A notebook: its cells, with outputs that cannot act. */
import { useQuery } from '@tanstack/react-query'
import type { ColouredLine } from '@weighhouse/formats/code/kinds.ts'
import { type Cell, type Output, readNotebook } from '@weighhouse/formats/notebook/notebook.ts'
import { CodeLine } from '../../parts/CodeLine.tsx'
import { plural } from '../../parts/words.ts'
import { coloursQuery, type FileView, type Repo } from '../data.ts'
import { TextView } from './TextView.tsx'

const OutputView = ({ output }: { readonly output: Output }) => {
  switch (output.kind) {
    case 'picture':
      return <img src={output.url} alt="Output of this cell" className="max-w-full" />
    case 'left-out':
      return (
        <p className="text-meta text-ink-3">
          An output of the kind {output.type} is left out: it could run a script. Open the file in
          Jupyter to see it.
        </p>
      )
    default:
      return (
        <pre
          className={`overflow-x-auto text-code whitespace-pre-wrap ${output.isError ? 'text-fail' : 'text-ink-2'}`}
          translate="no"
        >
          {output.text}
        </pre>
      )
  }
}

type Lines = readonly ColouredLine[] | undefined

const Source = ({ text, lines }: { readonly text: string; readonly lines: Lines }) =>
  lines === undefined
    ? text
    : text.split('\n').map((line, at) => (
        // Lines are known by their place.
        <span key={at}>
          {at === 0 ? '' : '\n'}
          <CodeLine line={line} parts={lines[at]} />
        </span>
      ))

const CellView = ({ cell, lines }: { readonly cell: Cell; readonly lines: Lines }) => (
  <div className="grid grid-cols-[56px_minmax(0,1fr)] gap-2 border-b border-line py-3 pe-4">
    <span className="pt-2 text-end text-meta text-ink-3">
      {cell.kind === 'code' ? `[${cell.count ?? ' '}]` : ''}
    </span>
    <div className="flex flex-col gap-2">
      <pre
        className={`overflow-x-auto text-code whitespace-pre-wrap ${cell.kind === 'code' ? 'rounded-control bg-sunken p-2.5' : 'p-1 font-sans text-prose'}`}
        dir="ltr"
        {...(cell.kind === 'code' ? { translate: 'no' } : {})}
      >
        <Source text={cell.source} lines={lines} />
      </pre>
      {cell.outputs.map((output, at) => (
        <OutputView key={at} output={output} />
      ))}
    </div>
  </div>
)

export const NotebookView = ({ repo, file }: { readonly repo: Repo; readonly file: FileView }) => {
  const { data: colours } = useQuery(coloursQuery(repo, `${file.revision}/${file.path}`))
  const notebook = readNotebook(file.text ?? '')
  if (notebook === undefined) return <TextView repo={repo} file={file} />
  return (
    <div>
      {notebook.cells.map((cell, at) => (
        // Cells are known by their place.
        <CellView key={at} cell={cell} lines={colours?.cells[at] ?? undefined} />
      ))}
      <p className="px-4 py-2 text-meta text-ink-3">
        {plural(notebook.cells.length, 'cell')}
        {notebook.more > 0 ? `, ${notebook.more} more are not shown` : ''}
        {notebook.language === '' ? '' : `, ${notebook.language}`}
      </p>
    </div>
  )
}
