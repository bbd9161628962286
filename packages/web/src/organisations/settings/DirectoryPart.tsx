/** The directory that keeps an organisation's people: how it is doing, its brake, the token that it shows. */
import { useQuery } from '@tanstack/react-query'
import { hub } from '../../app/api.ts'
import { useAct } from '../../app/act.ts'
import { hubUrl } from '../../app/base.ts'
import { Banner } from '../../parts/Banner.tsx'
import { Button } from '../../parts/Button.tsx'
import { CodeBlock } from '../../parts/CodeBlock.tsx'
import { Failure } from '../../parts/Failed.tsx'
import { TextLink } from '../../parts/Go.tsx'
import { Facts, Panel } from '../../parts/Panel.tsx'
import { Skeleton } from '../../parts/Skeleton.tsx'
import { Time } from '../../parts/Time.tsx'
import { grouped } from '../../parts/words.ts'

export const DirectoryPart = ({ org }: { readonly org: string }) => {
  const key = ['org', org, 'directory']
  const { data, error } = useQuery({ queryKey: key, queryFn: () => hub.getDirectory({ org }) })
  const resume = useAct({
    act: () => hub.resumeDirectory({ org }),
    stale: [key],
    done: 'The directory may deactivate people again.',
    tellsRefusal: true,
  })
  if (error !== null) return <Failure error={error} />
  if (data === undefined) return <Skeleton rows={4} />
  return (
    <>
      {data.brakedSince === null ? null : (
        <Banner
          kind="warn"
          action={
            <Button size="small" isBusy={resume.isPending} onClick={() => resume.mutate()}>
              Let it go on
            </Button>
          }
        >
          It ended more than half of the people within an hour, and deactivates nobody since{' '}
          <Time at={data.brakedSince} />. Look at what it did before it goes on.
        </Banner>
      )}
      <Panel title="How it is doing">
        <Facts
          facts={[
            {
              name: 'People',
              value: `${grouped(data.activeUsers)} active of ${grouped(data.users)}`,
            },
            { name: 'Groups', value: grouped(data.groups) },
            {
              name: 'Last change',
              value:
                data.changedAt === null ? 'It has not come yet.' : <Time at={data.changedAt} />,
            },
          ]}
        />
      </Panel>
      <Panel title="Connect a directory (SCIM 2.0)">
        <div className="flex flex-col gap-3 text-dense">
          <p>
            Give your directory this address, and a token of a{' '}
            <TextLink
              to={`/organizations/${encodeURIComponent(org)}/settings/services`}
              className="underline"
            >
              service account
            </TextLink>{' '}
            that may change members of {org}: fine-grained, everything of one owner, “Change members
            and rules”.
          </p>
          <div className="rounded-control border border-line-2 bg-sunken">
            <CodeBlock code={`${hubUrl}/scim/v2/${encodeURIComponent(org)}`} label="the address" />
          </div>
        </div>
      </Panel>
    </>
  )
}
