/** Single sign-on: providers that vouch for people, of an organisation or of the hub. */
import type { Client } from '@weighhouse/contract/client.ts'
import { type FormEvent, useState } from 'react'
import { hub } from '../../app/api.ts'
import { type PageOf, useAct, usePages } from '../../app/act.ts'
import { hubUrl } from '../../app/base.ts'
import { Button } from '../../parts/Button.tsx'
import { CodeBlock } from '../../parts/CodeBlock.tsx'
import { Confirm } from '../../parts/Confirm.tsx'
import { EmptyState } from '../../parts/EmptyState.tsx'
import { Checkbox, Field } from '../../parts/Field.tsx'
import { Panel } from '../../parts/Panel.tsx'
import { Refused } from '../../parts/Refused.tsx'
import { Listed, Row } from '../../parts/Rows.tsx'
import { Tag } from '../../parts/Tag.tsx'
import { plural } from '../../parts/words.ts'

type Provider = Awaited<ReturnType<Client['addSsoProvider']>>
type NewProvider = Parameters<Client['addSsoProvider']>[0]
type Found = Awaited<ReturnType<Client['testSsoProvider']>>

/** Whose providers. */
type SsoOf = 'hub' | { readonly org: string }

interface Desk {
  readonly key: readonly unknown[]
  readonly list: (page: { cursor?: string }) => Promise<PageOf<Provider>>
  readonly add: (wish: NewProvider) => Promise<Provider>
  readonly set: (provider: string, isDisabled: boolean) => Promise<Provider>
  readonly remove: (provider: string) => Promise<void>
  readonly test: (provider: string) => Promise<Found>
}

const deskOf = (of: SsoOf): Desk =>
  of === 'hub'
    ? {
        key: ['sso'],
        list: (page) => hub.listSsoProviders(page),
        add: (wish) => hub.addSsoProvider(wish),
        set: (provider, isDisabled) => hub.setSsoProvider({ provider, isDisabled }),
        remove: (provider) => hub.removeSsoProvider({ provider }),
        test: (provider) => hub.testSsoProvider({ provider }),
      }
    : {
        key: ['org', of.org, 'sso'],
        list: (page) => hub.listOrgSsoProviders({ ...of, ...page }),
        add: (wish) => hub.addOrgSsoProvider({ ...of, ...wish }),
        set: (provider, isDisabled) => hub.setOrgSsoProvider({ ...of, provider, isDisabled }),
        remove: (provider) => hub.removeOrgSsoProvider({ ...of, provider }),
        test: (provider) => hub.testOrgSsoProvider({ ...of, provider }),
      }

const nothing = { name: '', issuer: '', clientId: '', secret: '', domains: '', creates: false }

const NewProviderForm = ({ desk }: { readonly desk: Desk }) => {
  const [wish, setWish] = useState(nothing)
  const add = useAct({
    act: () =>
      desk.add({
        name: wish.name.trim(),
        issuer: wish.issuer.trim(),
        clientId: wish.clientId.trim(),
        createsAccounts: wish.creates,
        mailDomains: wish.domains.split(/[\s,]+/).filter((one) => one !== ''),
        ...(wish.secret === '' ? {} : { secret: wish.secret }),
      }),
    stale: [desk.key],
    done: ({ name }) => `${name} may sign people in.`,
    onDone: () => setWish(nothing),
  })
  const submit = (event: FormEvent): void => {
    event.preventDefault()
    add.mutate()
  }
  const field = (key: 'name' | 'issuer' | 'clientId' | 'secret' | 'domains') => ({
    value: wish[key],
    autoComplete: 'off',
    spellCheck: false,
    onChange: ({ target }: { target: { value: string } }) =>
      setWish({ ...wish, [key]: target.value }),
  })
  return (
    <details className="border-t border-line">
      <summary className="cursor-pointer px-4 py-3 text-dense font-medium">Add a provider</summary>
      <form onSubmit={submit} className="grid items-start gap-4 px-4 pb-4 sm:grid-cols-2">
        <Field label="Name" required help="On the button of the sign-in page." {...field('name')} />
        <Field label="Issuer" type="url" required placeholder="https://" {...field('issuer')} />
        <Field label="Client id" required {...field('clientId')} />
        <Field label="Client secret" type="password" {...field('secret')} />
        <Field
          label="Mail domains"
          help="Only verified addresses that end so are let in. Empty: all."
          {...field('domains')}
        />
        <Checkbox
          label="Who comes for the first time gets an account"
          checked={wish.creates}
          onChange={({ target }) => setWish({ ...wish, creates: target.checked })}
        />
        <div className="sm:col-span-2 empty:hidden">
          <Refused error={add.error} />
        </div>
        <div>
          <Button type="submit" isBusy={add.isPending}>
            Add the provider
          </Button>
        </div>
      </form>
    </details>
  )
}

const ProviderRow = ({ desk, one }: { readonly desk: Desk; readonly one: Provider }) => {
  const stale = [desk.key]
  const test = useAct({
    act: () => desk.test(one.name),
    stale: [],
    done: ({ keys, hasPkce }) =>
      `${one.name} answers: ${plural(keys, 'key')}${hasPkce ? ', PKCE' : ', without PKCE'}.`,
    tellsRefusal: true,
  })
  const set = useAct({
    act: (isDisabled: boolean) => desk.set(one.name, isDisabled),
    stale,
    tellsRefusal: true,
  })
  const remove = useAct({
    act: () => desk.remove(one.name),
    stale,
    done: `${one.name} signs nobody in any more.`,
  })
  return (
    <Row
      title={
        <span className="flex items-center gap-2">
          {one.name}
          {one.isDisabled ? <Tag>Off</Tag> : null}
        </span>
      }
      about={
        <>
          {one.issuer}, {plural(one.rules.length, 'rule')} for groups
          {one.createsAccounts ? ', makes accounts' : ''}
        </>
      }
    >
      <Button
        size="small"
        aria-label={`Test ${one.name}`}
        isBusy={test.isPending}
        onClick={() => test.mutate()}
      >
        Test
      </Button>
      <Button
        size="small"
        aria-label={`${one.isDisabled ? 'Turn on' : 'Turn off'} ${one.name}`}
        isBusy={set.isPending}
        onClick={() => set.mutate(!one.isDisabled)}
      >
        {one.isDisabled ? 'Turn on' : 'Turn off'}
      </Button>
      <Confirm
        label="Remove"
        name={`Remove ${one.name}`}
        title={`Remove ${one.name}?`}
        verb="Remove the provider"
        act={() => remove.mutateAsync()}
      >
        Nobody signs in by it any more. Their accounts stay.
      </Confirm>
    </Row>
  )
}

export const SsoPart = ({ of }: { readonly of: SsoOf }) => {
  const desk = deskOf(of)
  const pages = usePages(desk.key, desk.list)
  return (
    <>
      <Panel title="Providers" isFlush>
        <Listed
          label="Providers"
          pages={pages}
          empty={<EmptyState isSmall title="No provider signs people in here" />}
          row={(one) => <ProviderRow key={one.id} desk={desk} one={one} />}
        />
        <NewProviderForm desk={desk} />
      </Panel>
      <Panel title="Tell the provider" isFlush>
        <CodeBlock
          label="the address people come back to"
          code={`${hubUrl}/login/sso/<its name>/callback`}
        />
      </Panel>
    </>
  )
}
