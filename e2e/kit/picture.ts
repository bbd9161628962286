/** Pictures of pages for the documentation: small, since they are kept. Made where `E2E_SHOTS` is set, by `npm run e2e -- --shots`. */
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Page } from 'playwright-core'

const folder = fileURLToPath(new URL('../../docs/images/pages/', import.meta.url))

/** What lies below is said by what lies above. */
const heightMax = 1_200
const scale = 0.5
const quality = 0.55

/** Half as wide and as WebP, some 10 kB: drawn again by the browser, in a page without a policy. */
const shrink = async (page: Page, png: Buffer): Promise<Buffer> => {
  const helper = await page.context().newPage()
  try {
    const base64 = await helper.evaluate(
      async ([data, part, grade]) => {
        const read = await fetch(`data:image/png;base64,${data}`)
        const image = await createImageBitmap(await read.blob())
        const canvas = new OffscreenCanvas(image.width * part, image.height * part)
        const context = canvas.getContext('2d')
        if (context === null) throw new Error('no canvas')
        context.imageSmoothingQuality = 'high'
        context.drawImage(image, 0, 0, canvas.width, canvas.height)
        const blob = await canvas.convertToBlob({ type: 'image/webp', quality: grade })
        const bytes = new Uint8Array(await blob.arrayBuffer())
        return btoa(Array.from(bytes, (byte) => String.fromCodePoint(byte)).join(''))
      },
      [png.toString('base64'), scale, quality] as const,
    )
    return Buffer.from(base64, 'base64')
  } finally {
    await helper.close()
  }
}

export const keepPicture = async (page: Page, name: string): Promise<void> => {
  if (process.env['E2E_SHOTS'] === undefined) return
  const size = page.viewportSize()
  if (size === null) return
  const full = await page.evaluate(() => document.documentElement.scrollHeight)
  const height = Math.min(heightMax, Math.max(size.height, full))
  const clip = { x: 0, y: 0, width: size.width, height }
  const png = await page.screenshot({ clip, fullPage: true })
  await mkdir(folder, { recursive: true })
  await writeFile(join(folder, `${name}.webp`), await shrink(page, png))
}
