/** A Markdown file: as it reads, or as it was written. */
import { useState } from 'react'
import { Banner } from '../../parts/Banner.tsx'
import { Markdown } from '../../parts/Markdown.tsx'
import { Segmented } from '../../parts/Segmented.tsx'
import { Skeleton } from '../../parts/Skeleton.tsx'
import { useCard } from '../card.ts'
import type { FileView, Repo } from '../data.ts'
import { TextView } from './TextView.tsx'

const options = [
  { value: 'read', label: 'Read' },
  { value: 'source', label: 'Source' },
] as const

export const MarkdownView = ({ repo, file }: { readonly repo: Repo; readonly file: FileView }) => {
  const [form, setForm] = useState<'read' | 'source'>('read')
  const { card, error, html } = useCard(repo, `${file.revision}/${file.path}`)
  return (
    <>
      <div className="border-b border-line px-4 py-2">
        <Segmented label="Form" options={options} value={form} onChange={setForm} />
      </div>
      {form === 'source' ? (
        <TextView repo={repo} file={file} />
      ) : error !== null ? (
        <div className="p-4">
          <Banner kind="warn">{error.message}</Banner>
        </div>
      ) : card === undefined ? (
        <Skeleton />
      ) : (
        <div className="px-6 py-5">
          <Markdown html={html ?? ''} />
        </div>
      )}
    </>
  )
}
