/** What a party attests of its people and projects, with a document behind each: terms may ask for it before anything is given. */
import { useQuery } from '@tanstack/react-query'
import type { Client } from '@weighhouse/contract/client.ts'
import { BadgeCheck } from 'lucide-react'
import { useId, useState } from 'react'
import { hub } from '../../app/api.ts'
import { endOfDay } from '../../organisations/settings/days.ts'
import { Button } from '../../parts/Button.tsx'
import { Field, Select } from '../../parts/Field.tsx'
import { Time } from '../../parts/Time.tsx'
import { plainName } from '../../parts/words.ts'
import { attestationsQuery } from '../data.ts'
import { SayDialog } from '../SayDialog.tsx'
import { Entries, type Entry } from './Entries.tsx'
import {
  attested,
  type Attested,
  isSigned,
  type OwnPeople,
  whomWords,
  wordsAsked,
} from './people.ts'

type Attestation = Awaited<ReturnType<Client['listAttestations']>>['items'][number]

const labelOf = (kind: Attested): string =>
  attested.find(({ value }) => value === kind)?.label ?? kind

const entryOf = (one: Attestation): Entry => ({
  id: one.id,
  title: `${labelOf(one.kind)} ${plainName(one.word)}, ${whomWords(one.subjectKind, one.subjectName)}`,
  isOver: one.isOver,
  about: (
    <>
      {one.link === null ? 'by the hash of a document' : plainName(one.link)}
      {one.isOver ? ' · over' : null}
      {one.to === null ? null : (
        <>
          {' '}
          · until <Time at={one.to} asDay />
        </>
      )}
    </>
  ),
})

const subjects = [
  { value: 'user', label: 'One person' },
  { value: 'project', label: 'A project' },
  { value: 'org', label: 'The whole organisation' },
] as const

interface Wish {
  readonly kind: Attested
  readonly word: string
  readonly of: (typeof subjects)[number]['value']
  readonly name: string
  readonly link: string
  readonly sha256: string
  readonly until: string
}

const missingIn = ({ word, of, name, link, sha256 }: Wish): string | undefined => {
  if (word.trim() === '') return 'Say what is attested first.'
  if (of !== 'org' && name.trim() === '') return 'Say of whom first.'
  return link.trim() === '' && sha256.trim() === '' ? 'Name the document first.' : undefined
}

const send = ({ named }: OwnPeople, { kind, word, of, name, link, sha256, until }: Wish) =>
  hub.attest({
    ...named,
    kind,
    word: word.trim(),
    of: of === 'org' ? { kind: of } : { kind: of, name: name.trim() },
    ...(link.trim() === '' ? {} : { link: link.trim() }),
    ...(sha256.trim() === '' ? {} : { sha256: sha256.trim().toLowerCase() }),
    ...(until === '' ? {} : { until: endOfDay(until) }),
  })

const AttestDialog = (props: OwnPeople & { readonly onClose: () => void }) => {
  const { named, body, onClose } = props
  const asked = (kind: Attested): string[] => wordsAsked(body, kind)
  const first: Attested = asked('userTraining').length > 0 ? 'userTraining' : 'ethicsApproval'
  const [wish, setWish] = useState<Wish>({
    kind: first,
    word: asked(first)[0] ?? '',
    of: 'user',
    name: '',
    link: '',
    sha256: '',
    until: '',
  })
  const listId = useId()
  return (
    <SayDialog
      title={`Attest something of ${named.org}`}
      verb="Attest it"
      missing={missingIn(wish)}
      act={() => send(props, wish)}
      onClose={onClose}
    >
      <p className="text-dense">
        {named.org} answers for it. That it was said, and the hash of the document, stand in the
        record; whom it names and where the document lies, only you see.
      </p>
      <Select
        label="What"
        value={wish.kind}
        options={attested}
        onChange={({ target }) => {
          const kind = attested.find(({ value }) => value === target.value)?.value ?? wish.kind
          setWish({ ...wish, kind, word: asked(kind)[0] ?? '' })
        }}
      />
      <Field
        label="As the terms call it"
        value={wish.word}
        list={listId}
        autoComplete="off"
        spellCheck={false}
        maxLength={64}
        onChange={({ target }) => setWish({ ...wish, word: target.value })}
      />
      <datalist id={listId}>
        {asked(wish.kind).map((word) => (
          <option key={word}>{word}</option>
        ))}
      </datalist>
      <Select
        label="Of"
        value={wish.of}
        options={subjects}
        onChange={({ target }) =>
          setWish({
            ...wish,
            of: subjects.find(({ value }) => value === target.value)?.value ?? wish.of,
          })
        }
      />
      {wish.of === 'org' ? null : (
        <Field
          label={wish.of === 'user' ? 'User name' : 'Name of the project'}
          value={wish.name}
          autoComplete="off"
          spellCheck={false}
          maxLength={100}
          onChange={({ target }) => setWish({ ...wish, name: target.value })}
        />
      )}
      <Field
        label="Link to the document"
        type="url"
        value={wish.link}
        onChange={({ target }) => setWish({ ...wish, link: target.value })}
      />
      <Field
        label="or its SHA-256"
        value={wish.sha256}
        spellCheck={false}
        autoComplete="off"
        maxLength={64}
        className="font-mono"
        onChange={({ target }) => setWish({ ...wish, sha256: target.value })}
      />
      <Field
        label="Until (may be left out)"
        type="date"
        value={wish.until}
        onChange={({ target }) => setWish({ ...wish, until: target.value })}
      />
    </SayDialog>
  )
}

export const Attestations = (props: OwnPeople) => {
  const { named, agreement, body } = props
  const { data, error } = useQuery(attestationsQuery(named))
  const [isAttesting, setAttesting] = useState(false)
  const asked = attested.flatMap(({ value, label }) =>
    wordsAsked(body, value).map((word) => `${label.toLowerCase()} ${word}`),
  )
  return (
    <section>
      <h3 className="text-dense font-semibold">What {named.org} attests</h3>
      <p className="mt-1 text-dense text-ink-2">
        {asked.length === 0
          ? 'The terms ask for nothing of the kind.'
          : `The terms ask for ${asked.map(plainName).join(', ')}.`}
      </p>
      {error === null ? null : <p className="mt-1 text-dense text-ink-3">{error.message}</p>}
      <Entries
        items={(data ?? []).map(entryOf)}
        endTitle={({ title }) => `End: ${title}`}
        endVerb="End it"
        end={({ id }) => hub.endAttestation({ ...named, attestation: id })}
      >
        From now on the hub refuses what rests on it. That it was attested stays in the record.
      </Entries>
      {isSigned(agreement) ? (
        <Button
          size="small"
          icon={<BadgeCheck size={14} strokeWidth={2} aria-hidden />}
          onClick={() => setAttesting(true)}
        >
          Attest
        </Button>
      ) : null}
      {isAttesting ? <AttestDialog {...props} onClose={() => setAttesting(false)} /> : null}
    </section>
  )
}
