/** Pictures of accounts: drawn from the name in the URL, so that they tell nothing of who is here. */
import { createHash } from 'node:crypto'
import type { FastifyInstance } from 'fastify'
import { HubError } from '#core/kernel/errors.ts'

const cells = 5
const unit = 20

/** Five by five squares, the right half the mirror of the left, in a colour of the name's own. */
const draw = (name: string): string => {
  const bytes = createHash('sha256').update(name.toLowerCase()).digest()
  const hue = Math.round(((bytes[0] ?? 0) / 256) * 360)
  const squares: string[] = []
  for (let row = 0; row < cells; row += 1) {
    for (let column = 0; column < cells; column += 1) {
      const half = Math.min(column, cells - 1 - column)
      if ((bytes[1 + row * 3 + half] ?? 0) < 128) continue
      squares.push(`M${column * unit} ${row * unit}h${unit}v${unit}h-${unit}z`)
    }
  }
  const side = cells * unit
  return (
    `<svg xmlns="http://www.w3.org/2000/svg" width="${side}" height="${side}" viewBox="0 0 ${side} ${side}">` +
    `<rect width="${side}" height="${side}" fill="hsl(${hue},30%,92%)"/>` +
    `<path fill="hsl(${hue},55%,42%)" d="${squares.join('')}"/></svg>`
  )
}

export const registerAvatars = (app: FastifyInstance): void => {
  app.get<{ Params: { file: string } }>('/avatars/:file', async (request, reply) => {
    const { file } = request.params
    if (!file.endsWith('.svg') || file.length > 260) {
      throw new HubError('entry_not_found', 'A picture is named after an account: NAME.svg.')
    }
    return reply
      .header('content-security-policy', "sandbox; default-src 'none'")
      .header('cross-origin-resource-policy', 'cross-origin')
      .header('cache-control', 'public, max-age=86400, immutable')
      .type('image/svg+xml; charset=utf-8')
      .send(draw(file.slice(0, -'.svg'.length)))
  })
}
