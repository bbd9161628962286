/** The stream of news for pages that are looked at. It is of a session and no token: what ends the session ends it. */
import { Readable } from 'node:stream'
import { formatNews, livePath } from '@weighhouse/contract/live.ts'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { Actor, News } from '#core/hub.ts'
import { anonymous } from '#core/kernel/actor.ts'
import { baseUrl, cookieIn, cookieName, type Door, makeCtx } from '../kit/context.ts'

const placeCharsMax = 200

const placeIn = ({ headers }: FastifyRequest): string | undefined => {
  const place = headers['last-event-id']
  return typeof place === 'string' && place !== '' ? place.slice(0, placeCharsMax) : undefined
}

/** By hand: a generator that waits, or has not begun, could not be left when the listener goes. */
const bodyOf = (news: AsyncIterator<News>): Readable =>
  new Readable({
    read() {
      news.next().then(
        ({ done, value }) => this.push(done === true ? null : formatNews(value)),
        (error: unknown) => this.destroy(error instanceof Error ? error : new Error(String(error))),
      )
    },
    destroy(error, done) {
      void news.return?.()
      done(error)
    },
  })

export const registerLive = (app: FastifyInstance, door: Door): void => {
  const { live, signin } = door.hub
  app.get(livePath, async (request, reply) => {
    const secret = cookieIn(request, cookieName(baseUrl(door, request)))
    const who = async (): Promise<Actor | undefined> =>
      secret === undefined ? undefined : (await signin.sessionUnused(secret))?.actor
    const ctx = makeCtx(door, (await who()) ?? anonymous, request, reply)
    const after = placeIn(request)
    const news = await live.listen(ctx, { who, ...(after === undefined ? {} : { after }) })
    reply.type('text/event-stream; charset=utf-8')
    // Proxies that gather answers before they pass them on would keep the news.
    reply.header('x-accel-buffering', 'no')
    return reply.send(bodyOf(news))
  })
  app.addHook('preClose', (done) => {
    live.stop()
    done()
  })
}
