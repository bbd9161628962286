/** Licences, lineage, and the decisions of stewards. */
import { licenceCalls as calls } from '@weighhouse/contract/licences.ts'
import type { Proposal } from '@weighhouse/formats/licence/finding.ts'
import { keyOf } from '@weighhouse/formats/licence/judge.ts'
import { sentencesOf } from '@weighhouse/formats/licence/sentences.ts'
import type { EffectiveTerms } from '@weighhouse/formats/licence/terms.ts'
import type { FastifyInstance } from 'fastify'
import type { LicenceDecision, LicenceView } from '#core/hub.ts'
import type { Ctx } from '#core/kernel/ctx.ts'
import type { LicenceOverrideId } from '#core/kernel/ids.ts'
import { isoDate } from '#core/kernel/time.ts'
import { HubError } from '#core/kernel/errors.ts'
import type { Door } from '../kit/context.ts'
import { repoIn } from './repo-name.ts'
import { dateOrNull, serve, timeOf } from './serve.ts'

const termsJson = (terms: EffectiveTerms) => ({
  ...terms,
  notices: [...terms.notices],
  namePrefixes: [...terms.namePrefixes],
  use: [...terms.use],
  outputs: [...terms.outputs],
  limits: [...terms.limits],
  excludes: [...terms.excludes],
  ends: [...terms.ends],
  licences: [...terms.licences],
  unknown: [...terms.unknown],
  sentences: [...sentencesOf(terms)],
})

const proposalJson = ({ expression, name }: Proposal) => ({
  expression: expression ?? null,
  name: name ?? null,
})

const findingJson = (one: LicenceView['findings'][number]) => ({
  key: one.key,
  rule: one.rule,
  level: one.level,
  sentence: one.sentence,
  parent: one.parent ?? null,
  licence: one.licence ?? null,
  decidedUntil: dateOrNull(one.decidedUntilMs),
})

const viewJson = (view: LicenceView) => ({
  expression: view.expression ?? null,
  verdict: view.verdict,
  terms: termsJson(view.terms),
  findings: view.findings.map(findingJson),
  proposal: proposalJson(view.proposal),
})

const decisionJson = (one: LicenceDecision) => ({
  id: one.id,
  covers: [...one.covers],
  reason: one.reason,
  counsel: one.counsel ?? null,
  createdAt: isoDate(one.createdAtMs),
  expiresAt: isoDate(one.expiresAtMs),
  isInForce: one.isInForce,
})

interface Names {
  readonly type: string
  readonly ns: string
  readonly name: string
}

export const registerLicences = (app: FastifyInstance, door: Door): void => {
  const { policy, lineage } = door.hub

  /** Who manages the owner decides; the repo is named by where it is now, however it was asked for. */
  const steward = async (ctx: Ctx, params: Names) => {
    const repo = await policy.require(ctx, 'repo.see', repoIn(params))
    const [owner = ''] = repo.repo.path.split('/')
    return { repo, owner: await policy.requireNamespace(ctx, 'namespace.manage', owner) }
  }

  serve(app, door, calls.licence, async ({ ctx, params }) => {
    const permit = await policy.require(ctx, 'repo.browse', repoIn(params))
    return viewJson(await lineage.licence(ctx, permit))
  })

  serve(app, door, calls.checkLicence, async ({ ctx, params, body }) => {
    const { repo } = await policy.require(ctx, 'repo.browse', repoIn(params))
    const { id, ownerId, path } = repo
    const said = await lineage.check(ctx, { id, ownerId, path, card: body.card })
    const findings = said.findings.map((one) => ({
      ...one,
      key: keyOf(one),
      decidedUntilMs: undefined,
    }))
    return viewJson({ ...said, findings })
  })

  serve(app, door, calls.lineage, async ({ ctx, params }) => {
    const permit = await policy.require(ctx, 'repo.browse', repoIn(params))
    const { ancestors, descendants, ...rest } = await lineage.lineage(ctx, permit)
    return { ...rest, ancestors: [...ancestors], descendants: [...descendants] }
  })

  serve(app, door, calls.licenceDecisions, async ({ ctx, params }) => {
    const found = await lineage.licenceDecisions(await steward(ctx, params))
    return { items: found.map(decisionJson) }
  })

  serve(app, door, calls.decideLicence, async ({ ctx, params, body }) => {
    const expiresAtMs = timeOf(body.expiresAt)
    if (expiresAtMs === undefined) throw new HubError('invalid', 'A decision has a day of its end.')
    const { covers, reason, counsel } = body
    const wish = { covers, reason, counsel, expiresAtMs }
    return decisionJson(await lineage.decideLicence(ctx, await steward(ctx, params), wish))
  })

  serve(app, door, calls.endLicenceDecision, async ({ ctx, params }) => {
    const permit = await steward(ctx, params)
    // A cast because what is not the id of one is not found.
    await lineage.endLicenceDecision(ctx, permit, params.decision as LicenceOverrideId)
  })
}
