/** A notebook: its cells, with outputs that cannot act. */
import type { FileView, Repo } from '../data.ts'
import { plural } from '../../parts/words.ts'
import { type Cell, type Output, readNotebook } from './notebook.ts'
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

const CellView = ({ cell }: { readonly cell: Cell }) => (
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
        {cell.source}
      </pre>
      {cell.outputs.map((output, at) => (
        <OutputView key={at} output={output} />
      ))}
    </div>
  </div>
)

export const NotebookView = ({ repo, file }: { readonly repo: Repo; readonly file: FileView }) => {
  const notebook = readNotebook(file.text ?? '')
  if (notebook === undefined) return <TextView repo={repo} file={file} />
  return (
    <div>
      {notebook.cells.map((cell, at) => (
        // Cells are known by their place.
        <CellView key={at} cell={cell} />
      ))}
      <p className="px-4 py-2 text-meta text-ink-3">
        {plural(notebook.cells.length, 'cell')}
        {notebook.more > 0 ? `, ${notebook.more} more are not shown` : ''}
        {notebook.language === '' ? '' : `, ${notebook.language}`}
      </p>
    </div>
  )
}
