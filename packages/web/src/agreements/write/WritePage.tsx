/** Writing a version: the first one anew, a counter-offer, or an amendment of what is in force. */
import { useQuery } from '@tanstack/react-query'
import { useRef, useState, type FormEvent } from 'react'
import { useAct } from '../../app/act.ts'
import { hub } from '../../app/api.ts'
import { hrefOf } from '../../app/base.ts'
import { useFirst } from '../../app/first.ts'
import { Banner } from '../../parts/Banner.tsx'
import { Button, LinkButton } from '../../parts/Button.tsx'
import { Failed } from '../../parts/Failed.tsx'
import { Select } from '../../parts/Field.tsx'
import { TextLink, useGo } from '../../parts/Go.tsx'
import { Column, Heading, useTitle } from '../../parts/Page.tsx'
import { Panel } from '../../parts/Panel.tsx'
import { Segmented } from '../../parts/Segmented.tsx'
import { Skeleton } from '../../parts/Skeleton.tsx'
import { plainName } from '../../parts/words.ts'
import { type Acting, ActingFrame, useAgreementId } from '../Acting.tsx'
import { agreementTo } from '../place.ts'
import {
  type Agreement,
  agreementQuery,
  fillIn,
  type Template,
  templatesQuery,
  valuesQuery,
  type Version,
  versionQuery,
  whenSaid,
} from '../data.ts'
import { nextStep } from '../words.ts'
import { FieldsForm } from './FieldsForm.tsx'
import { fieldsOf, startValues, toSend, type Values } from './fields.ts'
import { type Kind, kindOf } from './kind.ts'
import { messageAt, type Problem, problemIn } from './problems.ts'
import { ProblemSummary } from './ProblemSummary.tsx'
import { type Covered, RepoPicker } from './RepoPicker.tsx'
import { TextEditor } from './TextEditor.tsx'
import { readWish, writeWish } from './wish.ts'

const words: Readonly<Record<Kind, { title: string; button: string; more: string }>> = {
  draft: {
    title: 'Edit the draft',
    button: 'Write the draft',
    more: 'Nobody else sees it before you propose it.',
  },
  counter: {
    title: 'Counter the offer',
    button: 'Send the counter-offer',
    more: 'The other side sees what you changed, word by word.',
  },
  amend: {
    title: 'Amend the agreement',
    button: 'Write the amendment',
    more: 'What is in force stays so until all have signed the new version.',
  },
}

type Mode = 'questions' | 'text'

interface EditProps {
  readonly acting: Acting
  readonly agreement: Agreement
  readonly kind: Kind
  /** The agreement as it stood when the writer last looked. */
  readonly seq: number
  readonly before: Version | undefined
  readonly template: Template | undefined
  readonly values: Values | null
}

const giversOf = ({ parties }: Agreement): string[] =>
  parties.filter(({ role }) => role === 'provider' || role === 'member').map(({ name }) => name)

interface State {
  readonly values: Values
  readonly repos: readonly Covered[]
  readonly text: string
  readonly mode: Mode
}

const useSend = ({ acting, agreement, kind, seq, template }: EditProps) => {
  const go = useGo()
  const named = { org: acting.org, id: agreement.id }
  return useAct({
    act: async ({ values, repos, text, mode }: State) => {
      const filled =
        mode === 'text' || template === undefined
          ? readWish(text)
          : await fillIn(acting.org, template.id, toSend(fieldsOf(template), values))
      const wish = { ...filled, repos: [...repos] }
      const asked = { ...named, wish, seq }
      return kind === 'counter' ? hub.counterAgreement(asked) : hub.draftAgreement(asked)
    },
    stale: whenSaid,
    onDone: () => go(agreementTo(named)),
  })
}

const Edit = (props: EditProps) => {
  const { acting, agreement, kind, before, template, values } = props
  const form = useRef<HTMLFormElement>(null)
  const fields = template === undefined ? [] : fieldsOf(template)
  const canAsk = template !== undefined && (values !== null || before === undefined)
  const [problems, setProblems] = useState<readonly Problem[]>([])
  const [state, setState] = useState<State>(() => ({
    values: startValues(fields, values ?? {}),
    repos: before?.body.scope.repos.map(({ type, path }) => ({ type, path })) ?? [],
    text: before === undefined ? '' : writeWish(before.body),
    mode: canAsk ? 'questions' : 'text',
  }))
  const send = useSend(props)
  const submit = (event: FormEvent): void => {
    event.preventDefault()
    setProblems([])
    send.mutate(state, { onError: (error) => setProblems([problemIn(error)]) })
  }
  const givers = giversOf(agreement)
  return (
    <form ref={form} onSubmit={submit} noValidate className="flex flex-col gap-5">
      <ProblemSummary problems={problems} form={form} />
      {canAsk && before !== undefined ? (
        <div>
          <Segmented
            label="How to write"
            value={state.mode}
            options={[
              { value: 'questions', label: 'Answer questions' },
              { value: 'text', label: 'Edit text and terms' },
            ]}
            onChange={(mode) => setState({ ...state, mode })}
          />
        </div>
      ) : canAsk || before === undefined ? null : (
        <Banner>
          This text was not written by a template alone, or by one that {acting.org} does not have.
          Edit its text and terms.
        </Banner>
      )}
      {state.mode === 'questions' ? (
        <FieldsForm
          fields={fields}
          values={state.values}
          isCounter={kind === 'counter'}
          problems={problems}
          onChange={(next) => setState({ ...state, values: next })}
        />
      ) : (
        <TextEditor text={state.text} onChange={(text) => setState({ ...state, text })} />
      )}
      <Panel title="What it covers">
        <RepoPicker
          chosen={state.repos}
          owner={givers.length === 1 ? givers[0] : undefined}
          error={messageAt(problems, 'repos')}
          onChange={(repos) => setState({ ...state, repos })}
        />
      </Panel>
      <div className="flex flex-wrap items-center gap-3">
        <Button kind="primary" type="submit" isBusy={send.isPending}>
          {words[kind].button}
        </Button>
        <LinkButton to={agreementTo({ org: acting.org, id: agreement.id })}>Back</LinkButton>
        <span className="text-meta text-ink-3">{words[kind].more}</span>
      </div>
    </form>
  )
}

/** The text to begin with: what is on the table, or what is in force. */
const useBefore = (acting: Acting, agreement: Agreement) => {
  const version = agreement.candidate?.version ?? agreement.inForce?.version
  const named = { org: acting.org, id: agreement.id }
  const isThere = version !== undefined
  const text = useQuery({ ...versionQuery(named, version ?? 0), enabled: isThere })
  const values = useQuery({ ...valuesQuery(named, version ?? 0), enabled: isThere })
  const templates = useQuery(templatesQuery(acting.org))
  return {
    isLoading: (isThere && (text.isPending || values.isPending)) || templates.isPending,
    error: text.error ?? values.error ?? templates.error,
    before: text.data,
    values: values.data?.values ?? null,
    templates: [...(templates.data?.own ?? []), ...(templates.data?.built ?? [])],
  }
}

/** What was written stays, beside what others said in the meantime. */
const Moved = ({ acting, now, onSeen }: { acting: Acting; now: Agreement; onSeen: () => void }) => (
  <Banner kind="warn">
    <span className="flex flex-wrap items-center gap-2">
      <span className="min-w-0 flex-1">
        Something was said about this agreement while you wrote. What you typed is still here.{' '}
        {nextStep(now, acting.org)}{' '}
        <a
          href={hrefOf(agreementTo({ org: acting.org, id: now.id }))}
          target="_blank"
          className="underline"
        >
          Read it in another tab
        </a>
      </span>
      {kindOf(now) === undefined ? null : <Button onClick={onSeen}>Go on with what I wrote</Button>}
    </span>
  </Banner>
)

interface WriteProps extends Pick<EditProps, 'acting' | 'agreement' | 'kind'> {
  readonly now: Agreement
}

const Write = ({ acting, agreement, kind, now }: WriteProps) => {
  const [seenSeq, setSeenSeq] = useState(agreement.seq)
  const { isLoading, error, before, values, templates } = useBefore(acting, agreement)
  const [chosen, setChosen] = useState('')
  if (error !== null) return <Failed error={error} isSignedIn />
  if (isLoading) return <Skeleton />
  const template = templates.find(({ id, version }) =>
    before === undefined
      ? id === chosen
      : id === before.body.template.id && version === before.body.template.version,
  )
  return (
    <Column width={760}>
      <header className="flex flex-col gap-1">
        <p className="text-dense">
          <TextLink to={agreementTo({ org: acting.org, id: agreement.id })}>
            {plainName(agreement.title)}
          </TextLink>
        </p>
        <Heading>{words[kind].title}</Heading>
        <p className="text-ink-2">{words[kind].more}</p>
      </header>
      {before === undefined ? (
        <Select
          label="Template"
          value={chosen}
          options={[
            { value: '', label: 'Choose one' },
            ...templates.map(({ id, title }) => ({ value: id, label: title })),
          ]}
          onChange={({ target }) => setChosen(target.value)}
        />
      ) : null}
      {now.seq === seenSeq ? null : (
        <Moved acting={acting} now={now} onSeen={() => setSeenSeq(now.seq)} />
      )}
      <Edit
        key={template?.id ?? ''}
        seq={seenSeq}
        acting={acting}
        agreement={agreement}
        kind={kind}
        before={before}
        template={template}
        values={values}
      />
    </Column>
  )
}

const Page = ({ acting }: { readonly acting: Acting }) => {
  const id = useAgreementId()
  const { data, error, refetch } = useQuery(agreementQuery({ org: acting.org, id }))
  const begun = useFirst(data !== undefined && kindOf(data) !== undefined ? data : undefined)
  useTitle('Write', data?.title ?? '', 'Agreements')
  if (error !== null) return <Failed error={error} isSignedIn onRetry={() => void refetch()} />
  if (data === undefined) return <Skeleton />
  const kind = begun === undefined ? undefined : kindOf(begun)
  if (begun === undefined || kind === undefined) {
    return (
      <Column>
        <Heading>Nothing to write now</Heading>
        <p className="text-ink-2">
          The other side has the word, or this has ended. What comes next stands on its page.
        </p>
        <div>
          <LinkButton to={agreementTo({ org: acting.org, id })}>Open the agreement</LinkButton>
        </div>
      </Column>
    )
  }
  return <Write acting={acting} agreement={begun} kind={kind} now={data} />
}

export const WritePage = () => <ActingFrame>{(acting) => <Page acting={acting} />}</ActingFrame>
