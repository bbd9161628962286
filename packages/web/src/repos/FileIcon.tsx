/** What kind of file it is, by its name. */
import {
  BookOpenText,
  Braces,
  File,
  FileArchive,
  FileText,
  Folder,
  Image,
  Music,
  NotebookText,
  Scale,
  Table2,
  Video,
  Weight,
} from 'lucide-react'
import type { ReactNode } from 'react'

const icon = {
  size: 16,
  strokeWidth: 1.75,
  'aria-hidden': true,
  className: 'shrink-0 text-ink-3',
} as const

const rules: readonly [pattern: RegExp, icon: ReactNode][] = [
  [/(^|\/)(licen[cs]e|notice|copying)/i, <Scale key="l" {...icon} />],
  [/\.(md|markdown)$/i, <BookOpenText key="m" {...icon} />],
  [
    /\.(safetensors|gguf|bin|pt|pth|onnx|h5|msgpack|ckpt|keras|tflite)$/i,
    <Weight key="w" {...icon} />,
  ],
  [/\.(json|jsonl|ya?ml|toml)$/i, <Braces key="b" {...icon} />],
  [/\.ipynb$/i, <NotebookText key="n" {...icon} />],
  [/\.(csv|tsv|parquet|arrow)$/i, <Table2 key="t" {...icon} />],
  [/\.(png|jpe?g|gif|webp|avif|svg)$/i, <Image key="i" {...icon} />],
  [/\.(mp3|wav|flac|ogg)$/i, <Music key="a" {...icon} />],
  [/\.(mp4|webm)$/i, <Video key="v" {...icon} />],
  [/\.(zip|tar|gz|bz2|xz|7z|zst)$/i, <FileArchive key="z" {...icon} />],
  [
    /\.(txt|py|js|ts|sh|c|h|cpp|rs|go|java|html|css|xml|cfg|ini|log)$/i,
    <FileText key="x" {...icon} />,
  ],
]

export const FileIcon = ({
  path,
  isFolder = false,
}: {
  readonly path: string
  readonly isFolder?: boolean
}) =>
  isFolder ? (
    <Folder {...icon} />
  ) : (
    (rules.find(([pattern]) => pattern.test(path))?.[1] ?? <File {...icon} />)
  )
