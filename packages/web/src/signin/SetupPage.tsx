/** The first person on a new hub. The code is printed where the hub was started, so that a stranger cannot be first. */
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useLocation } from '@tanstack/react-router'
import { type FormEvent, useState } from 'react'
import { hubQuery } from '../accounts/me.ts'
import { hub } from '../app/api.ts'
import { hubUrl } from '../app/base.ts'
import { Banner } from '../parts/Banner.tsx'
import { Button, LinkButton } from '../parts/Button.tsx'
import { CodeBlock } from '../parts/CodeBlock.tsx'
import { Field } from '../parts/Field.tsx'
import { Column, Heading, useTitle } from '../parts/Page.tsx'
import { Panel } from '../parts/Panel.tsx'
import { Skeleton } from '../parts/Skeleton.tsx'

const passwordMin = 12

const Done = ({ name, token }: { readonly name: string; readonly token: string }) => (
  <Column>
    <Heading>Welcome, {name}</Heading>
    <p className="text-ink-2">
      You are signed in, and you administer this hub. This token lets a client act as you. It is
      shown once.
    </p>
    <Panel title="Your first client" isFlush>
      <CodeBlock
        code={`export HF_ENDPOINT=${hubUrl}\nexport HF_TOKEN=${token}`}
        label="the token and the address"
      />
    </Panel>
    <div className="flex gap-2">
      <LinkButton kind="primary" to="/new">
        Create your first model
      </LinkButton>
      <LinkButton to="/">Look around</LinkButton>
    </div>
  </Column>
)

const Form = ({ code: given }: { readonly code: string }) => {
  const cache = useQueryClient()
  const [code, setCode] = useState(given)
  const [name, setName] = useState('')
  const [password, setPassword] = useState('')
  const setUp = useMutation({
    mutationFn: () => hub.setUp({ code, name: name.trim(), password }),
    onSuccess: () => cache.invalidateQueries(),
  })
  const submit = (event: FormEvent): void => {
    event.preventDefault()
    setUp.mutate()
  }
  if (setUp.data !== undefined) return <Done {...setUp.data} />
  return (
    <Column width={480}>
      <div>
        <Heading>Set up this hub</Heading>
        <p className="mt-1 text-ink-2">
          You become its first administrator. It takes less than a minute.
        </p>
      </div>
      {setUp.error === null ? null : <Banner kind="fail">{setUp.error.message}</Banner>}
      <form onSubmit={submit} className="flex flex-col gap-5">
        <Field
          label="Set-up code"
          value={code}
          onChange={(event) => setCode(event.target.value)}
          required
          autoComplete="off"
          spellCheck={false}
          help="Printed in the terminal where the hub was started: what follows code=."
        />
        <Field
          label="User name"
          value={name}
          onChange={(event) => setName(event.target.value)}
          required
          minLength={2}
          maxLength={42}
          autoComplete="username"
          spellCheck={false}
        />
        <Field
          label="Password"
          type="password"
          value={password}
          onChange={(event) => setPassword(event.target.value)}
          required
          minLength={passwordMin}
          autoComplete="new-password"
          help={`${passwordMin} characters or more. A few words are better than signs.`}
        />
        <Button kind="primary" type="submit" isBusy={setUp.isPending}>
          Create the administrator
        </Button>
      </form>
    </Column>
  )
}

export const SetupPage = () => {
  useTitle('Set up')
  const { search } = useLocation()
  const { data: facts } = useQuery(hubQuery)
  const [wasNew, setWasNew] = useState(false)
  // Once begun, the form stays until its own answer is read.
  if (facts?.isSetUp === false && !wasNew) setWasNew(true)
  if (facts === undefined) return <Skeleton />
  if (wasNew) return <Form code={(search as { code?: string }).code ?? ''} />
  return (
    <Column>
      <Heading>This hub is set up</Heading>
      <p className="text-ink-2">
        Its administrator makes accounts, or invites you into an organisation.
      </p>
      <div>
        <LinkButton to="/">Look around</LinkButton>
      </div>
    </Column>
  )
}
