/** One line of code in its parts; without them, as it is. */
import { type ColouredLine, partsOfLine } from '@weighhouse/formats/code/kinds.ts'

interface CodeLineProps {
  readonly line: string
  readonly parts: ColouredLine | undefined
}

export const CodeLine = ({ line, parts }: CodeLineProps) =>
  parts === undefined
    ? line
    : partsOfLine(line, parts).map(([text, kind], at) =>
        kind === 'plain' ? (
          text
        ) : (
          // Parts are known by their place.
          <span key={at} className={`code-${kind}`}>
            {text}
          </span>
        ),
      )
