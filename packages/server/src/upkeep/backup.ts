/**
 * Backup and restore of a data folder. A backup is a folder of the same shape: database, bytes, xorbs, keys.
 *
 * It is consistent while the hub runs, because bytes come before names: the database is taken first, as of one moment, and every byte it
 * names is on the disk by then. The sweeps are held meanwhile. A backup that was interrupted keeps its `.partial` name.
 */
import { constants } from 'node:fs'
import { copyFile, mkdir, open, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'
import type { Sha256 } from '@weighhouse/formats/digest/digest.ts'
import { makeConfig } from '#config/config.ts'
import type { XorbFacts } from '#core/chunks/index.ts'
import type { ByteSource, ByteStore, XorbStore } from '#core/ports/byte-store.ts'
import { openDiskStore, openDiskXorbStore } from '#drivers/bytes/disk/index.ts'
import { type House, openHouse } from '../house.ts'
import { fsck, type FsckReport } from './fsck.ts'

export interface BackupReport {
  readonly folder: string
  readonly contents: number
  readonly bytes: number
  readonly xorbs: number
  /** What the xorbs take: less than their contents where these share chunks or pack well. */
  readonly xorbBytes: number
}

/** Called again and again while bytes are copied. */
type Progress = () => Promise<void> | void

const holdMs = 15 * 60_000
const page = 500
const formatVersion = 1
const manifestName = 'backup.json'

const isMissing = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && error.code === 'ENOENT'

const isEmptyOrMissing = async (folder: string): Promise<boolean> => {
  try {
    return (await readdir(folder)).length === 0
  } catch (error) {
    if (isMissing(error)) return true
    throw error
  }
}

const syncFile = async (path: string): Promise<void> => {
  const handle = await open(path, 'r')
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}

/** The store keeps chunks until it writes them, and a source uses its memory again. */
const copied = async function* (
  source: ByteSource,
  onProgress: Progress,
): AsyncGenerator<Uint8Array> {
  for await (const chunk of source) {
    yield Buffer.from(chunk)
    await onProgress()
  }
}

const nothing: Progress = () => undefined

/** Copies one content and verifies it on the way: a backup of damaged bytes would be none. */
const copyContent = async (
  { from, to }: { from: ByteStore; to: ByteStore },
  { sha256, sizeBytes }: { sha256: Sha256; sizeBytes: number },
  onProgress: Progress = nothing,
) => {
  if ((await to.stat(sha256)) === sizeBytes) return
  const stage = `backup-${sha256}`
  const source = copied(await from.open(sha256), onProgress)
  const written = await to.write(stage, 0, source, sizeBytes)
  if (written.sha256 !== sha256) {
    await to.discard(stage)
    throw new Error(
      `content ${sha256} is damaged: its bytes have SHA-256 ${written.sha256}. Run \`weighhouse fsck --deep\`.`,
    )
  }
  await to.promote(stage, { key: sha256, sizeBytes })
}

/** Copies one xorb. Its length is verified; its hashes are by the scrub and by `fsck --deep`, of a backup too. */
const copyXorb = async (
  { from, to }: { from: XorbStore; to: XorbStore },
  { hash, sizeBytes }: Pick<XorbFacts, 'hash' | 'sizeBytes'>,
  onProgress: Progress = nothing,
) => {
  if ((await to.stat(hash)) === sizeBytes) return
  const found = await from.stat(hash)
  if (found !== sizeBytes) {
    const what = found === undefined ? 'its bytes are gone' : `it has ${found} bytes`
    throw new Error(`xorb ${hash} is damaged: ${what}. Run \`weighhouse fsck --deep\`.`)
  }
  const stage = `backup-${hash}`
  const written = await to.write(stage, 0, copied(await from.open(hash), onProgress), sizeBytes)
  if (written.sizeBytes !== sizeBytes) {
    await to.discard(stage)
    throw new Error(`xorb ${hash} is damaged: ${written.sizeBytes} of ${sizeBytes} bytes were read`)
  }
  await to.promote(stage, { key: hash, sizeBytes })
}

/** Holds the sweeps, and again whenever a third of the time has passed. */
const makeHold = ({ hub }: House): Progress => {
  let renewAtMs = 0
  return async () => {
    const nowMs = hub.clock.nowMs()
    if (nowMs < renewAtMs) return
    renewAtMs = nowMs + holdMs / 3
    await hub.content.holdSweep(holdMs)
  }
}

const copyContents = async (house: House, copy: House, keepHeld: Progress) => {
  const stores = { from: house.bytes, to: copy.bytes }
  let contents = 0
  let bytes = 0
  let after = ''
  for (;;) {
    const rows = await copy.hub.content.eachHeld(after, page)
    for (const row of rows) {
      if (!row.isLinked) continue
      await keepHeld()
      if (row.xetHash === undefined) await copyContent(stores, row, keepHeld)
      contents += 1
      bytes += row.sizeBytes
    }
    const last = rows.at(-1)
    if (last === undefined) return { contents, bytes }
    after = last.sha256
  }
}

const copyXorbs = async (house: House, copy: House, keepHeld: Progress) => {
  const stores = { from: house.xorbs, to: copy.xorbs }
  let xorbs = 0
  let xorbBytes = 0
  let after = ''
  for (;;) {
    const rows = await copy.hub.chunks.eachXorb(after, page)
    for (const row of rows) {
      await keepHeld()
      await copyXorb(stores, row, keepHeld)
      xorbs += 1
      xorbBytes += row.sizeBytes
    }
    const last = rows.at(-1)
    if (last === undefined) return { xorbs, xorbBytes }
    after = last.hash
  }
}

/** Copies what the snapshot in `folder` names. */
const copyNamed = async (house: House, folder: string, keepHeld: Progress) => {
  await using copy = await openHouse(makeConfig({ data: folder }, {}), house.log)
  const contents = await copyContents(house, copy, keepHeld)
  return { ...contents, ...(await copyXorbs(house, copy, keepHeld)) }
}

/** Writes `folder`, which must be empty or missing. */
export const backup = async (house: House, folder: string): Promise<BackupReport> => {
  const target = resolve(folder)
  if (!(await isEmptyOrMissing(target))) {
    throw new Error(`a backup needs a folder of its own, and ${target} is not empty`)
  }
  const partial = `${target}.partial`
  await rm(partial, { recursive: true, force: true })
  await mkdir(partial, { recursive: true, mode: 0o700 })
  const keepHeld = makeHold(house)
  await keepHeld()
  await house.db.snapshot(join(partial, 'weighhouse.db'))
  await copyFile(join(house.config.dataFolder, 'secrets.json'), join(partial, 'secrets.json'))

  const counts = await copyNamed(house, partial, keepHeld)
  const manifest = { format: formatVersion, createdAtMs: house.hub.clock.nowMs(), ...counts }
  const manifestFile = join(partial, manifestName)
  await writeFile(manifestFile, `${JSON.stringify(manifest)}\n`)
  await syncFile(manifestFile)
  await rm(target, { recursive: true, force: true })
  await rename(partial, target)
  await syncFile(dirname(target))
  return { folder: target, ...counts }
}

const readManifest = async (folder: string): Promise<void> => {
  const file = join(folder, manifestName)
  let text: string
  try {
    text = await readFile(file, 'utf8')
  } catch (error) {
    if (!isMissing(error)) throw error
    throw new Error(`${folder} holds no finished backup: there is no ${manifestName} in it`, {
      cause: error,
    })
  }
  const { format } = JSON.parse(text) as { format?: unknown }
  if (format !== formatVersion) {
    throw new Error(
      `${file} has format ${String(format)}, this program reads format ${formatVersion}`,
    )
  }
}

/** Copies a backup into an empty or missing data folder, then checks what was restored. */
export const restore = async (folder: string, dataFolder: string): Promise<FsckReport> => {
  const source = resolve(folder)
  const target = resolve(dataFolder)
  await readManifest(source)
  if (!(await isEmptyOrMissing(target))) {
    throw new Error(
      `a backup is restored into an empty folder, and ${target} holds something: move it away first`,
    )
  }
  await mkdir(target, { recursive: true, mode: 0o750 })
  await using from = await openDiskStore(join(source, 'bytes'))
  await using to = await openDiskStore(join(target, 'bytes'))
  for await (const { key: sha256, sizeBytes } of from.list()) {
    await copyContent({ from, to }, { sha256, sizeBytes })
  }
  await using fromXorbs = await openDiskXorbStore(join(source, 'xorbs'))
  await using toXorbs = await openDiskXorbStore(join(target, 'xorbs'))
  for await (const { key: hash, sizeBytes } of fromXorbs.list()) {
    await copyXorb({ from: fromXorbs, to: toXorbs }, { hash, sizeBytes })
  }
  for (const name of ['secrets.json', 'weighhouse.db']) {
    await copyFile(join(source, name), join(target, name), constants.COPYFILE_EXCL)
    await syncFile(join(target, name))
  }
  await using house = await openHouse(makeConfig({ data: target }, {}))
  // Clients name from memory what was sent after the backup. Seconds lie beyond every epoch that was given out since: a sweep adds one an
  // hour.
  await house.hub.chunks.bumpEpoch(Math.floor(house.hub.clock.nowMs() / 1000))
  // Awaited here, while the house is open.
  return await fsck(house, { deep: false })
}
