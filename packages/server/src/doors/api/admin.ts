/** What the hub's administrators see and do: people, storage, the queue, holds, health. */
import { adminCalls as calls } from '@weighhouse/contract/admin.ts'
import type { FastifyInstance } from 'fastify'
import { isHubError } from '#core/kernel/errors.ts'
import { isoDate } from '#core/kernel/time.ts'
import { baseUrl, type Door } from '../kit/context.ts'
import { renderUser } from './accounts.ts'
import { version } from './hub.ts'
import { dateOrNull, given, paged, serve } from './serve.ts'

const registerPeople = (app: FastifyInstance, door: Door): void => {
  const { identity, policy, signin } = door.hub

  serve(app, door, calls.createUser, async ({ ctx, body }) => {
    const permit = policy.requireHub(ctx)
    return renderUser(await identity.createUser(ctx, permit, { name: body.name, ...given(body) }))
  })

  serve(app, door, calls.disableUser, ({ ctx, params }) =>
    identity.disableUser(ctx, policy.requireHub(ctx), params.name),
  )

  serve(app, door, calls.offerRecovery, async ({ ctx, params, body, request }) => {
    const wish = { name: params.name, dropsSecondFactor: body.dropsSecondFactor === true }
    const secret = await signin.offerRecovery(ctx, policy.requireHub(ctx), wish)
    return { url: `${baseUrl(door, request)}/recover/${secret}` }
  })
}

const registerWork = (app: FastifyInstance, door: Door): void => {
  const { jobs, policy } = door.hub

  serve(app, door, calls.listJobs, async ({ ctx }) => {
    const permit = policy.requireHub(ctx)
    const items = (await jobs.list(permit)).map(({ runAtMs, createdAtMs, lastError, ...job }) => ({
      ...job,
      runAt: isoDate(runAtMs),
      createdAt: isoDate(createdAtMs),
      lastError: lastError?.slice(0, 2_000) ?? null,
    }))
    return { counts: await jobs.counts(permit), items }
  })

  serve(app, door, calls.retryJob, ({ ctx, params }) =>
    jobs.retry(ctx, policy.requireHub(ctx), params.id),
  )
}

const registerState = (app: FastifyInstance, door: Door): void => {
  const { hub } = door
  const { clock, jobs, policy, repos } = hub

  serve(app, door, calls.weighHub, async ({ ctx }) => {
    const permit = policy.requireHub(ctx)
    const { unneededGoneAtMs, ...weight } = await hub.weigh(permit)
    const { freeBytes } = await hub.standing(permit)
    return {
      ...weight,
      repos: weight.repos.map((repo) => ({ ...repo })),
      unneededGoneAt: dateOrNull(unneededGoneAtMs),
      freeBytes: freeBytes ?? null,
      countedAt: isoDate(clock.nowMs()),
    }
  })

  serve(app, door, calls.listHolds, ({ ctx, query }) => {
    const permit = policy.requireHub(ctx)
    return paged(query, (page) => repos.held(permit, page), {
      keyOf: ({ id }) => id,
      render: ({ type, path, hold }) => ({ type, path, kind: hold }),
    })
  })

  /** Why it cannot serve now; undefined when it can. */
  const problemNow = async (): Promise<string | undefined> => {
    try {
      await hub.checkReady()
      return undefined
    } catch (error) {
      return isHubError(error) ? error.message : 'The database or the byte store does not answer.'
    }
  }

  serve(app, door, calls.getHealth, async ({ ctx }) => {
    const permit = policy.requireHub(ctx)
    const { engine, freeBytes } = await hub.standing(permit)
    const problem = await problemNow()
    return {
      isReady: problem === undefined,
      problem: problem ?? null,
      version,
      node: process.version,
      database: engine,
      freeBytes: freeBytes ?? null,
      jobs: await jobs.counts(permit),
    }
  })
}

export const registerAdmin = (app: FastifyInstance, door: Door): void => {
  registerPeople(app, door)
  registerWork(app, door)
  registerState(app, door)
}
