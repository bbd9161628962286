/** Who may do what with a repo, until when: the decisions themselves, asked for everybody it concerns. */
import {
  type Action,
  actionNames,
  actions as termsWords,
} from '@weighhouse/formats/terms/vocabulary.ts'
import type { Ctx } from '../kernel/ctx.ts'
import { HubError } from '../kernel/errors.ts'
import type { AgreementId } from '../kernel/ids.ts'
import { type AgreementFacts, answerOf } from './agreements.ts'
import type { RepoAction } from './decide.ts'
import { explainRepo } from './explain.ts'
import { type Subject, subjectNamed } from './explain.sql.ts'
import { actorOf, type ExplainingDeps, runsHub } from './explaining.ts'
import type { RepoName } from './knowledge.ts'
import { toldOf } from './looking.ts'
import { peopleOf, subjectsOf } from './matrix.sql.ts'
import { notFound, refusal } from './refusals.ts'

/** What a repo can be asked for; that it may be seen goes with each. */
const matrixActions = ['repo.browse', 'repo.read', 'repo.write', 'repo.admin'] as const

export interface MatrixCell {
  readonly action: RepoAction
  readonly isAllowed: boolean
  /** Stable, as in an explanation. */
  readonly code: string
  readonly agreement: AgreementId | undefined
  readonly untilMs: number | undefined
}

/** What agreements say of one act in the words of terms. */
export interface MatrixTerm {
  readonly action: Action
  readonly words: string
  /** How the hub backs it: enforced, metered, attested, words alone. */
  readonly strength: 'E' | 'M' | 'A' | 'N'
  readonly code: string
  readonly agreement: AgreementId
  readonly untilMs: number | undefined
}

export interface MatrixRow {
  readonly name: string
  readonly kind: 'user' | 'org'
  readonly isService: boolean
  readonly cells: readonly MatrixCell[]
  /** Empty where no agreement is about it. */
  readonly terms: readonly MatrixTerm[]
}

export interface MatrixPage {
  /** People of this organisation alone, for those who look after it. */
  readonly org?: string
  /** The last name of the page before, '' for the first. */
  readonly after: string
  readonly limit: number
}

/** Each row asks for facts of its own. */
const rowsMax = 100

const termsOf = (agreements: readonly AgreementFacts[]): MatrixTerm[] =>
  actionNames.flatMap((action) => {
    const answer = answerOf(agreements, action)
    if (answer === undefined) return []
    const { words, strength } = termsWords[action]
    const said = answer.allowed
      ? { code: 'OK_AGREEMENT', agreement: answer.agreement, untilMs: answer.untilMs }
      : { code: answer.denial.reason, agreement: answer.denial.agreement, untilMs: undefined }
    return [{ action, words, strength, ...said }]
  })

export const makeMatrix = ({ db, knowledge, looking }: ExplainingDeps) => {
  const { askerOf, know, facts } = knowledge

  /** Whose agreements may be told, and whose people are asked about. */
  const reachOf = async ({ actor }: Ctx, org: string | undefined) => {
    const orgs = await looking(actor)
    if (org === undefined) return { orgs, people: undefined }
    const subject = await subjectNamed(db.read, org)
    if (subject?.kind === 'org' && (orgs.has(subject.id) || runsHub(actor))) {
      return { orgs, people: subject.id }
    }
    throw new HubError(
      'permission_denied',
      `You may ask about people of organisations that you administer or audit: "${org}" is none of them.`,
      { reason: 'not_yours_to_ask' },
    )
  }

  const rowOf = async (
    subject: Subject,
    target: RepoName,
    isTold: (orgId: string) => boolean,
  ): Promise<MatrixRow | undefined> => {
    const isOrg = subject.kind === 'org'
    const actor = actorOf(subject)
    const by = { ip: undefined, orgId: isOrg ? subject.id : undefined }
    const found = await facts(actor, target, by)
    if (found === undefined) return undefined
    const known = toldOf(found.facts, isOrg ? () => true : isTold)
    const path = `${found.row.owner_name}/${found.row.name}`
    const named = { page: `/${path}`, owner: found.row.owner_name }
    return {
      name: subject.name,
      kind: subject.kind,
      isService: subject.service_of !== null,
      cells: matrixActions.map((action) => {
        const { isAllowed, code, agreement, untilMs } = explainRepo(actor, action, known, {
          named,
          ends: found.ends,
        })
        return { action, isAllowed, code, agreement, untilMs }
      }),
      terms: termsOf(known.agreements),
    }
  }

  /**
   * For those who administer the repo or audit its owner: everybody it concerns, organisations by their name alone. With `org` for those who
   * look after that organisation: its own people. In order of name. Errors: `repo_not_found`, missing or hidden; `permission_denied`.
   */
  return async (
    ctx: Ctx,
    target: RepoName,
    { org, after, limit }: MatrixPage,
  ): Promise<{ rows: readonly MatrixRow[]; next: string | undefined }> => {
    const { actor } = ctx
    const seen = await know(actor, target, ctx.ip)
    if (seen?.decision('repo.see').allowed !== true) throw notFound(actor)
    const { row } = seen
    const { orgs, people } = await reachOf(ctx, org)
    const repo = { type: row.type, path: `${row.owner_name}/${row.name}` }
    const administering = seen.decision('repo.admin')
    if (people === undefined && !administering.allowed && !orgs.has(row.owner_id)) {
      throw refusal(actor, 'repo.admin', administering, repo)
    }
    const most = Math.min(limit, rowsMax)
    const { nowMs } = askerOf(actor)
    const page = { after: after.toLowerCase(), limit: most + 1, nowMs }
    const owned = { id: row.id, ownerId: row.owner_id, groupId: row.group_id }
    const subjects =
      people === undefined
        ? await subjectsOf(db.read, owned, page)
        : await peopleOf(db.read, people, page)
    const isAll = runsHub(actor)
    const isTold = (id: string): boolean => isAll || orgs.has(id) || id === row.owner_id
    const shown = subjects.slice(0, most)
    const rows: MatrixRow[] = []
    for (const subject of shown) {
      const one = await rowOf(subject, repo, isTold)
      if (one !== undefined) rows.push(one)
    }
    return { rows, next: subjects.length > most ? shown.at(-1)?.name : undefined }
  }
}

export type Matrix = ReturnType<typeof makeMatrix>
