/** Icons and words of what models do. */
import {
  AudioLines,
  Box,
  BrainCircuit,
  ChartLine,
  FileText,
  Image,
  Languages,
  ListChecks,
  MessageSquareText,
  Mic,
  Puzzle,
  ScanSearch,
  Sigma,
  Table2,
  Tags,
  Video,
} from 'lucide-react'
import type { ReactNode } from 'react'

const icon = { size: 14, strokeWidth: 2, 'aria-hidden': true } as const

const rules: readonly [pattern: RegExp, icon: ReactNode][] = [
  [/^text-generation|conversational|text2text/, <MessageSquareText key="t" {...icon} />],
  [/^automatic-speech|audio-class|voice/, <Mic key="m" {...icon} />],
  [/text-to-speech|text-to-audio|audio/, <AudioLines key="a" {...icon} />],
  [/token-classification|text-classification|zero-shot-class/, <Tags key="c" {...icon} />],
  [/translation/, <Languages key="l" {...icon} />],
  [/summarization|fill-mask|question/, <FileText key="f" {...icon} />],
  [/segmentation|detection/, <ScanSearch key="s" {...icon} />],
  [/video/, <Video key="v" {...icon} />],
  [/image|depth/, <Image key="i" {...icon} />],
  [/tabular/, <Table2 key="b" {...icon} />],
  [/time-series|forecast/, <ChartLine key="h" {...icon} />],
  [/feature|similarity|embedding/, <Sigma key="e" {...icon} />],
  [/reinforcement|robotics/, <BrainCircuit key="r" {...icon} />],
  [/multiple-choice/, <ListChecks key="k" {...icon} />],
  [/3d/, <Box key="3" {...icon} />],
]

export const TaskIcon = ({ task }: { readonly task: string }) => (
  <span className="text-ink-2">
    {rules.find(([pattern]) => pattern.test(task))?.[1] ?? <Puzzle {...icon} />}
  </span>
)
