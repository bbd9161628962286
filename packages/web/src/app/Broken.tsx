/** In the place of a page that broke: what stands around it still works. */
import { Banner } from '../parts/Banner.tsx'
import { Button } from '../parts/Button.tsx'
import { Column, Heading, useTitle } from '../parts/Page.tsx'

export const Broken = ({ error }: { readonly error: unknown }) => {
  useTitle('Broken')
  return (
    <Column width={720}>
      <Heading>This page broke</Heading>
      <Banner
        kind="fail"
        action={
          <Button size="small" onClick={() => location.reload()}>
            Load it again
          </Button>
        }
      >
        {error instanceof Error ? error.message : String(error)} What was saved is not lost.
      </Banner>
    </Column>
  )
}
