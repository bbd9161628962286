/** What pages of agreements ask the hub. Keys begin with `agreements` and the organisation for which somebody looks. */
import type { Client } from '@weighhouse/contract/client.ts'
import { type AgreementBody, parseBody } from '@weighhouse/formats/agreement/body.ts'
import { parseStatement, type Statement } from '@weighhouse/formats/agreement/statement.ts'
import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query'
import { hub, queries } from '../app/api.ts'
import { viewersKey } from './keys.ts'
import { payloadIn } from './payload.ts'

export type Agreement = Awaited<ReturnType<Client['getAgreement']>>
export type Act = Agreement['may'][number]
export type Phase = Agreement['phase']
export type Template = Awaited<ReturnType<Client['listTemplates']>>['items'][number]
export type AgreementGrant = Awaited<ReturnType<Client['listAgreementGrants']>>['items'][number]
export type Diff = Awaited<ReturnType<Client['diffAgreement']>>
export type Finding = Awaited<ReturnType<Client['getAgreementVersion']>>['findings'][number]
export type Supposed = Awaited<ReturnType<Client['whatIf']>>

/** One of an organisation's. */
export interface Named {
  readonly org: string
  readonly id: string
}

export interface Version {
  readonly version: number
  readonly sha256: string
  readonly body: AgreementBody
  /** What the hub points out in its terms, what blocks first. */
  readonly findings: readonly Finding[]
}

const pageSize = 50

export const agreementsQuery = (org: string, phase: Phase) =>
  infiniteQueryOptions({
    queryKey: ['agreements', org, 'list', phase],
    queryFn: ({ pageParam }) =>
      hub.listAgreements({
        org,
        phase,
        limit: pageSize,
        ...(pageParam === '' ? {} : { cursor: pageParam }),
      }),
    initialPageParam: '',
    getNextPageParam: (page) => page.next ?? undefined,
  })

export const countsQuery = (org: string) =>
  queryOptions({
    queryKey: ['agreements', org, 'counts'],
    queryFn: () => hub.countAgreements({ org }),
  })

export const agreementQuery = ({ org, id }: Named) =>
  queryOptions({
    queryKey: ['agreements', org, id],
    queryFn: () => hub.getAgreement({ org, id }),
  })

/** A version never changes once it is written. */
export const versionQuery = ({ org, id }: Named, version: number) =>
  queryOptions({
    queryKey: ['agreements', org, id, 'version', version],
    queryFn: async (): Promise<Version> => {
      const asked = { org, id, version: String(version) }
      const { sha256, text, findings } = await hub.getAgreementVersion(asked)
      return { version, sha256, body: parseBody(JSON.parse(text)), findings }
    },
    staleTime: Number.POSITIVE_INFINITY,
  })

export const diffQuery = ({ org, id }: Named, from: number, to: number) =>
  queryOptions({
    queryKey: ['agreements', org, id, 'diff', from, to],
    queryFn: () => hub.diffAgreement({ org, id, from, to }),
    staleTime: Number.POSITIVE_INFINITY,
  })

export const valuesQuery = ({ org, id }: Named, version: number) =>
  queryOptions({
    queryKey: ['agreements', org, id, 'values', version],
    queryFn: () => hub.getAgreementValues({ org, id, version: String(version) }),
  })

const statementsMax = 500

/** As the hub says it; the evidence page checks the seal. */
const statementIn = (envelope: string): Statement => parseStatement(payloadIn(JSON.parse(envelope)))

export const statementsQuery = ({ org, id }: Named) =>
  queryOptions({
    queryKey: ['agreements', org, id, 'statements'],
    queryFn: async () => {
      const { items, next } = await hub.listStatements({ org, id, limit: statementsMax })
      const statements = items.map(({ envelope, hash }) => ({ ...statementIn(envelope), hash }))
      return { statements, hasMore: next !== null }
    },
  })

export const grantsQuery = ({ org, id }: Named) =>
  queryOptions({
    queryKey: ['agreements', org, id, 'grants'],
    queryFn: async () => (await hub.listAgreementGrants({ org, id, limit: 200 })).items,
  })

export const attestationsQuery = ({ org, id }: Named) =>
  queryOptions({
    queryKey: ['agreements', org, id, 'attestations'],
    queryFn: async () => (await hub.listAttestations({ org, id, limit: 200 })).items,
  })

/** The hub's first, then the organisation's own. */
export const templatesQuery = (org: string) =>
  queryOptions({
    queryKey: ['agreements', org, 'templates'],
    queryFn: async () => {
      const [built, own] = await Promise.all([hub.listTemplates(), hub.listOwnTemplates({ org })])
      return { built: built.items, own: own.items }
    },
  })

export type Given = Awaited<ReturnType<Client['listGivenAgreements']>>['items'][number]

export const givenKey = [...viewersKey, 'given'] as const

/** One that gives something to an organisation of the viewer, with its text where they are let use it. */
export const givenQuery = ({ org, id }: Named) =>
  queryOptions({
    queryKey: [...givenKey, org, id],
    queryFn: async () => {
      const { text, ...given } = await hub.getGivenAgreement({ org, id })
      const body = text === null ? undefined : parseBody(JSON.parse(text.text))
      return { ...given, text: text === null || body === undefined ? undefined : { ...text, body } }
    },
  })

export const signatoriesQuery = (org: string) =>
  queryOptions({
    queryKey: ['agreements', org, 'signatories'],
    queryFn: async () => (await hub.listSignatories({ org, limit: 200 })).items,
  })

/** Fills a template of the hub, or one of the organisation's own, which are called `org/name`. */
export const fillIn = async (
  org: string,
  template: string,
  values: Readonly<Record<string, unknown>>,
) => {
  const name = template.split('/')[1]
  const { wish } =
    name === undefined
      ? await hub.fillTemplate({ template, values: { ...values } })
      : await hub.fillOwnTemplate({ org, template: name, values: { ...values } })
  return wish
}

/** What is read again after something was said of one: access to repos may have changed as well. */
export const whenSaid = [['agreements'], ['repo'], ['repos'], ['repo-counts']] as const

export const readAgain = (): Promise<void> =>
  queries.invalidateQueries({ queryKey: ['agreements'] })
