/** A new agreement: a template, a partner, what it covers, the answers. Then the studio. Nobody else sees it before it is proposed. */
import { useQuery } from '@tanstack/react-query'
import { useLocation } from '@tanstack/react-router'
import { type FormEvent, useRef, useState } from 'react'
import { useAct } from '../../app/act.ts'
import { hub } from '../../app/api.ts'
import { useKept } from '../../app/kept.ts'
import { BackNote } from '../../parts/BackNote.tsx'
import { Banner } from '../../parts/Banner.tsx'
import { Button } from '../../parts/Button.tsx'
import { Failed } from '../../parts/Failed.tsx'
import { TextLink, useGo } from '../../parts/Go.tsx'
import { Column, Heading, useTitle } from '../../parts/Page.tsx'
import { Panel } from '../../parts/Panel.tsx'
import { Skeleton } from '../../parts/Skeleton.tsx'
import { type Acting, ActingFrame, ActingSelect } from '../Acting.tsx'
import { agreementTo } from '../place.ts'
import { repoKey } from '../../repos/data.ts'
import { callName, splitPath } from '../../repos/place.ts'
import { fillIn, type Template, templatesQuery, whenSaid } from '../data.ts'
import { FieldsForm } from './FieldsForm.tsx'
import { fieldsOf, startValues, toSend, unanswered, type Values } from './fields.ts'
import { Gallery } from './Gallery.tsx'
import { Partners, partnersIn, rolesOf, type Side } from './Partners.tsx'
import { Preview } from './Preview.tsx'
import { type Covered, RepoPicker } from './RepoPicker.tsx'
import { messageAt, type Problem, problemIn } from './problems.ts'
import { ProblemSummary } from './ProblemSummary.tsx'

interface Draft {
  readonly partners: string
  readonly side: Side
  readonly repos: readonly Covered[]
  readonly values: Values
}

const ownerOf = ({ side, partners }: Draft, org: string): string | undefined => {
  if (side === 'give') return org
  const named = partnersIn(partners)
  return side === 'receive' && named.length === 1 ? named[0] : undefined
}

/** All that is missing before the hub can be asked. */
const missing = ({ partners, repos, values }: Draft, template: Template): Problem[] => [
  ...(partnersIn(partners).length === 0
    ? [{ field: 'partner', message: 'Name the organisation with which this is agreed.' }]
    : []),
  ...(repos.length === 0
    ? [{ field: 'repos', message: 'Add at least one model or data set.' }]
    : []),
  ...unanswered(fieldsOf(template), values).map(({ id, label }) => ({
    field: id,
    message: `${label} is missing.`,
  })),
]

const useWrite = (org: string, template: Template, forget: () => void) => {
  const go = useGo()
  // Begun once, also when the text is refused and sent again.
  const begun = useRef<string>(undefined)
  return useAct({
    act: async (draft: Draft) => {
      const sent = toSend(fieldsOf(template), draft.values)
      const wish = await fillIn(org, template.id, sent)
      const [ours, theirs] = rolesOf[draft.side]
      const parties = [
        { name: org, role: ours },
        ...partnersIn(draft.partners).map((name) => ({ name, role: theirs })),
      ]
      if (begun.current === undefined) {
        const made = await hub.createAgreement({
          org,
          title: wish.title,
          template: template.id,
          parties,
        })
        begun.current = made.id
      }
      const id = begun.current
      await hub.draftAgreement({ org, id, wish: { ...wish, repos: [...draft.repos] } })
      return id
    },
    stale: whenSaid,
    onDone: (id) => {
      forget()
      go(agreementTo({ org, id }))
    },
  })
}

interface FormProps {
  readonly acting: Acting
  readonly template: Template
  /** What brought somebody here: a repo that they were refused, or that is theirs to give. */
  readonly about: Covered | undefined
}

const begunWith = (org: string, about: Covered): Pick<Draft, 'partners' | 'side' | 'repos'> => {
  const owner = splitPath(about.path).ns
  const isOurs = owner.toLowerCase() === org.toLowerCase()
  return isOurs
    ? { partners: '', side: 'give', repos: [about] }
    : { partners: owner, side: 'receive', repos: [about] }
}

const Form = ({ acting, template, about }: FormProps) => {
  const { org } = acting
  const fields = fieldsOf(template)
  const form = useRef<HTMLFormElement>(null)
  const [problems, setProblems] = useState<readonly Problem[]>([])
  const kept = useKept<Draft>(`agreement:${org}:${template.id}:${about?.path ?? ''}`, () => ({
    partners: '',
    side: fields.some(({ id }) => id === 'group') ? 'members' : 'give',
    repos: [],
    values: startValues(fields),
    ...(about === undefined ? {} : begunWith(org, about)),
  }))
  const { value: draft, set: setDraft } = kept
  const write = useWrite(org, template, kept.forget)
  const submit = (event: FormEvent): void => {
    event.preventDefault()
    const found = missing(draft, template)
    setProblems(found)
    if (found.length > 0) return
    write.mutate(draft, { onError: (error) => setProblems([problemIn(error)]) })
  }
  return (
    <form ref={form} onSubmit={submit} noValidate className="flex flex-col gap-5">
      <ProblemSummary problems={problems} form={form} />
      <BackNote kept={kept} />
      <Panel title="With whom">
        <Partners
          org={org}
          partners={draft.partners}
          side={draft.side}
          error={messageAt(problems, 'partner')}
          onPartners={(partners) => setDraft({ ...draft, partners })}
          onSide={(side) => setDraft({ ...draft, side, repos: [] })}
        />
      </Panel>
      <Panel title="What it covers">
        <RepoPicker
          chosen={draft.repos}
          owner={ownerOf(draft, org)}
          error={messageAt(problems, 'repos')}
          onChange={(repos) => setDraft({ ...draft, repos })}
        />
      </Panel>
      <FieldsForm
        fields={fields}
        values={draft.values}
        problems={problems}
        onChange={(values) => setDraft({ ...draft, values })}
      />
      {template.id.includes('/') ? null : (
        <Preview
          template={template.id}
          values={draft.values}
          send={toSend(fields, draft.values)}
          onProblem={(error) => setProblems([problemIn(error)])}
        />
      )}
      <div className="flex flex-wrap items-center gap-3">
        <Button kind="primary" type="submit" isBusy={write.isPending}>
          Write the draft
        </Button>
        <span className="text-meta text-ink-3">Nobody else sees it before you propose it.</span>
      </div>
    </form>
  )
}

/** `model/lab/retina`, as refusals lead here. */
const aboutIn = (text: string | undefined): Covered | undefined => {
  const [word, ns = '', name = ''] = text?.split('/') ?? []
  const type = (['model', 'dataset', 'space', 'kernel'] as const).find((one) => one === word)
  return type === undefined || ns === '' || name === ''
    ? undefined
    : { type, path: `${ns}/${name}` }
}

interface WantedProps {
  readonly about: Covered
  readonly templates: readonly Template[]
  readonly toOf: (template: Template) => string
}

/** By which template the repo's gate opens, if it does by one. */
const Wanted = ({ about, templates, toOf }: WantedProps) => {
  const { data } = useQuery({
    queryKey: [...repoKey(about), 'terms'],
    queryFn: () => hub.readTerms(callName(about)),
    retry: false,
  })
  const owner = splitPath(about.path).ns
  if (data === undefined || data.template === null) {
    return <Banner>It is about {about.path}. Choose a template.</Banner>
  }
  const found = templates.find(({ id }) => id === data.template)
  return found === undefined ? (
    <Banner>
      {about.path} opens by an agreement after a template of {owner}. Ask {owner} to begin it.
    </Banner>
  ) : (
    <Banner>
      {about.path} opens by an agreement of this kind:{' '}
      <TextLink to={toOf(found)} className="underline">
        {found.title}
      </TextLink>
    </Banner>
  )
}

const Choose = ({ acting }: { readonly acting: Acting }) => {
  const { org } = acting
  const { data, error, refetch } = useQuery(templatesQuery(org))
  const search: Readonly<Record<string, string | undefined>> = useLocation().search
  if (error !== null) return <Failed error={error} isSignedIn onRetry={() => void refetch()} />
  if (data === undefined) return <Skeleton />
  const about = aboutIn(search['repo'])
  const toOf = (template?: Template): string =>
    `/agreements/new?${new URLSearchParams({
      as: org,
      ...(about === undefined ? {} : { repo: `${about.type}/${about.path}` }),
      ...(template === undefined ? {} : { template: template.id }),
    }).toString()}`
  const chosen = [...data.own, ...data.built].find(({ id }) => id === search['template'])
  if (chosen !== undefined) {
    return (
      <Column width={760}>
        <header className="flex flex-col gap-1">
          <p className="text-dense">
            <TextLink to={toOf()}>Other templates</TextLink>
          </p>
          <Heading>{chosen.title}</Heading>
          <p className="text-ink-2">{chosen.summary}</p>
        </header>
        <Form key={chosen.id} acting={acting} template={chosen} about={about} />
      </Column>
    )
  }
  return (
    <div className="mx-auto flex max-w-[1392px] flex-col gap-6 px-4 py-6 sm:px-6">
      <header className="flex flex-wrap items-center gap-3">
        <Heading>New agreement</Heading>
        <div className="flex-1" />
        <ActingSelect acting={acting} />
      </header>
      {about === undefined ? null : (
        <Wanted about={about} templates={[...data.own, ...data.built]} toOf={toOf} />
      )}
      {data.own.length === 0 ? null : (
        <Gallery title={`Of ${org}`} templates={data.own} toOf={toOf} />
      )}
      <Gallery title="Of this hub" templates={data.built} toOf={toOf} />
    </div>
  )
}

export const NewPage = () => {
  useTitle('New agreement', 'Agreements')
  return <ActingFrame>{(acting) => <Choose acting={acting} />}</ActingFrame>
}
