/** Says that what was typed before is there again. */
import type { Kept } from '../app/kept.ts'
import { Banner } from './Banner.tsx'
import { Button } from './Button.tsx'

export const BackNote = ({
  kept,
}: {
  readonly kept: Pick<Kept<unknown>, 'isBack' | 'startOver'>
}) =>
  kept.isBack ? (
    <Banner
      action={
        <Button size="small" onClick={kept.startOver}>
          Start over
        </Button>
      }
    >
      What you typed here before is back. It was not sent.
    </Banner>
  ) : null
