/** The only composition root: drivers → core → doors → jobs. */
import { mkdir } from 'node:fs/promises'
import { availableParallelism, hostname } from 'node:os'
import { join } from 'node:path'
import { openXetHasher } from '@weighhouse/formats/xet/blake3.ts'
import type { Config } from '#config/config.ts'
import { openSecrets } from '#config/secrets.ts'
import { makeAccess } from '#core/access/index.ts'
import { makeAgreements, makeEndGuard, makeHubSeal } from '#core/agreements/index.ts'
import { makeAudit } from '#core/audit/index.ts'
import { makeChunks } from '#core/chunks/index.ts'
import { makeCommits } from '#core/commits/index.ts'
import { makeContent } from '#core/content/index.ts'
import { type Events, makeEvents } from '#core/events/index.ts'
import type { Hub } from '#core/hub.ts'
import { reportOnHub } from './upkeep/storage-report.ts'
import { makeIdentity, makePasswords } from '#core/identity/index.ts'
import { makeJobs } from '#core/jobs/index.ts'
import { makeLineage, makeShareGuard } from '#core/lineage/index.ts'
import { makeLive } from '#core/live/index.ts'
import { makeMail } from '#core/mail/index.ts'
import type { Mailer } from '#core/ports/mailer.ts'
import type { Ctx, Log } from '#core/kernel/ctx.ts'
import { makeIds } from '#core/kernel/ids.ts'
import { limits } from '#core/kernel/limits.ts'
import { makeSealer } from '#core/kernel/seal.ts'
import type { Chance, Clock } from '#core/kernel/time.ts'
import { makeOrganisations } from '#core/organisations/index.ts'
import { makeOauth } from '#core/oauth/index.ts'
import { makePolicy } from '#core/policy/index.ts'
import { makeProvisioning } from '#core/provisioning/index.ts'
import type { ByteStore, XorbStore } from '#core/ports/byte-store.ts'
import type { Compute } from '#core/ports/compute.ts'
import type { Derive } from '#core/ports/derive.ts'
import type { Names } from '#core/ports/names.ts'
import type { Outbound } from '#core/ports/outbound.ts'
import { makeQuota } from '#core/quota/index.ts'
import { makeRefs } from '#core/refs/index.ts'
import { makeRepos, startDownloadCounter } from '#core/repos/index.ts'
import { makeScanning } from '#core/scanning/index.ts'
import { makeSearch } from '#core/search/index.ts'
import { makeSignin } from '#core/signin/index.ts'
import { makeSigning } from '#core/signing/index.ts'
import { makeSocial } from '#core/social/index.ts'
import { makeSso } from '#core/sso/index.ts'
import { type Database, openSqlite } from '#db/connect.ts'
import { reservedNames } from '#doors/mounts.ts'
import { makeOpenSink } from '#drivers/audit/stream/index.ts'
import { openDiskStore, openDiskXorbStore } from '#drivers/bytes/disk/index.ts'
import { openThreadCompute } from '#drivers/compute/local/index.ts'
import { openThreadDerive } from '#drivers/derive/threads/index.ts'
import { openShiki } from '#drivers/highlight/shiki/index.ts'
import { openSmtp } from '#drivers/mail/smtp/index.ts'
import { makeOpenId } from '#drivers/openid/client/index.ts'
import { openDns } from '#drivers/names/dns/index.ts'
import { openOutbound } from '#drivers/outbound/http/index.ts'
import { systemChance, systemClock } from '#drivers/time/system.ts'
import { makeChores } from './chores.ts'

/** Parts that a test may bring in place of the real ones. */
export interface Overrides {
  readonly clock?: Clock
  readonly chance?: Chance
  readonly db?: Database
  readonly bytes?: ByteStore
  readonly xorbs?: XorbStore
  readonly compute?: Compute
  readonly derive?: Derive
  readonly mailer?: Mailer
  readonly outbound?: Outbound
  readonly names?: Names
}

export interface House extends AsyncDisposable {
  readonly config: Config
  readonly hub: Hub
  readonly events: Events
  readonly db: Database
  readonly bytes: ByteStore
  readonly xorbs: XorbStore
  readonly log: Log
  /** A context in which the hub itself acts, for a stated reason. */
  systemCtx(reason: string): Ctx
  /** Begins to react to events: every room that does. Twice is once. */
  listen(): void
  /** Starts what runs by itself, listening among it: the index, the sweep, the queue. A house opened by a command does without. */
  startWork(): Promise<void>
  /** Resolves when every event is consumed and no job is due. */
  settle(): Promise<void>
}

const eventPollMs = 5_000
const jobPollMs = 15_000
const countDownloadsEveryMs = 5_000
const trailEveryMs = 5_000
/** Beyond these the disk is what is waited for. */
const threadsMax = 8

const silent: Log = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} }

/** Opens the stores of a data folder, making it on first use. Whoever opens it disposes it. */
export const openHouse = async (
  config: Config,
  log: Log = silent,
  overrides: Overrides = {},
): Promise<House> => {
  await mkdir(config.dataFolder, { recursive: true, mode: 0o750 })
  const clock = overrides.clock ?? systemClock
  const chance = overrides.chance ?? systemChance
  const secrets = await openSecrets(config.dataFolder, chance)
  const db = overrides.db ?? (await openSqlite(config.dataFolder))
  const bytes = overrides.bytes ?? (await openDiskStore(join(config.dataFolder, 'bytes')))
  const xorbs = overrides.xorbs ?? (await openDiskXorbStore(join(config.dataFolder, 'xorbs')))
  const threads = Math.min(threadsMax, availableParallelism())
  const compute = overrides.compute ?? (await openThreadCompute({ threads }))

  const derive = overrides.derive ?? openThreadDerive()
  const highlighter = openShiki()

  const ids = makeIds(clock, chance)
  const systemCtx = (reason: string): Ctx => ({
    actor: { kind: 'system', name: 'weighhouse', reason },
    requestId: `system-${ids()}`,
    signal: new AbortController().signal,
    log,
  })
  const mailHost = config.publicUrl === undefined ? hostname() : new URL(config.publicUrl).hostname

  const events = makeEvents({ db, clock, log })
  const jobs = makeJobs({ db, events, clock, ids, systemCtx: systemCtx('run the queue'), log })
  const mailer = overrides.mailer ?? (config.mail && openSmtp(config.mail))
  const letters = makeSealer(secrets.ticketKey, 'letters', chance)
  const mail = makeMail({ jobs, ids, sealer: letters, log, mailer, publicUrl: config.publicUrl })
  const policy = makePolicy({ db, clock, ticketKey: secrets.ticketKey })
  const passwords = makePasswords(chance, derive)
  const people = { passwords, reservedNames, systemCtx, clock, chance, ids }
  const identity = makeIdentity({ db, policy, events, jobs, ...people })
  const quota = makeQuota(db, config.storageQuotaBytes)
  const { multipart, isChunkingUploads } = config
  const hasher = await openXetHasher()
  const secret = secrets.ticketKey
  const chunks = makeChunks({ db, xorbs, compute, hasher, policy, clock, chance, secret })
  const times = { clock, chance, ids }
  const settings = { multipart, isChunkingUploads }
  const contentParts = { db, bytes, chunks, quota, events, jobs, ...times, ...settings }
  const content = makeContent(contentParts)
  const shareGuard = makeShareGuard({ clock })
  const repos = makeRepos({ db, events, shareGuard, clock, ids })
  const endGuard = makeEndGuard()
  const orgRooms = { identity, repos, endGuard, shareGuard }
  const organisations = makeOrganisations({ db, policy, events, mail, ...orgRooms, ...times })
  const directoryParts = { db, identity, organisations, events, clock, chance }
  const provisioning = makeProvisioning(directoryParts)
  const refs = makeRefs({ db, content, repos, events, clock, mailHost })
  const judging = { shareGuard, clock, ids, systemCtx: systemCtx('judge licences') }
  const lineage = makeLineage({ db, events, policy, repos, refs, ...judging })
  const commits = makeCommits({ db, content, policy, repos, refs, lineage, clock, mailHost })
  const lookForLeaks = systemCtx('look for leaked tokens')
  const scanning = makeScanning({ policy, identity, refs, systemCtx: lookForLeaks })
  const search = makeSearch({ db, policy, refs, clock, systemCtx: systemCtx('keep the index') })
  const social = makeSocial({ db, events, policy, repos, clock, ids })
  const waits = { stallMs: limits.outboundStallMs, answerMs: limits.outboundAnswerMs }
  const outbound = overrides.outbound ?? openOutbound(waits)
  const openSink = makeOpenSink(outbound)
  const sealerFor = (purpose: string) => makeSealer(secrets.ticketKey, purpose, chance)
  const sealer = sealerFor('audit sink')
  const audit = makeAudit({ db, clock, ids, log, identity, repos, openSink, sealer })
  const signinParts = { db, events, identity, passwords, mail, ...times }
  const signin = makeSignin({ ...signinParts, sealer: sealerFor('totp') })
  const seals = sealerFor('organisation key')
  const dns = { servers: config.dnsServers, waitMs: limits.dnsAnswerMs }
  const mayBePrivate = config.isOutboundPrivate
  const wayOut = { names: overrides.names ?? openDns(dns), outbound, mayBePrivate }
  const signing = makeSigning({ db, events, identity, signin, ...times, sealer: seals, ...wayOut })
  const hubSeal = makeHubSeal(secrets.ticketKey)
  const parties = { identity, policy, signin, signing, organisations, repos, shareGuard }
  const agreementParts = { db, events, ...parties, mail, clock, ids }
  const opening = { hubSeal, systemCtx: systemCtx('open duties for derivatives') }
  const agreements = makeAgreements({ ...agreementParts, ...opening })
  const settling = systemCtx('settle requests at gates')
  const gateParts = { db, events, policy, repos, refs, identity, agreements, clock, ids }
  const access = makeAccess({ ...gateParts, systemCtx: settling })
  const places = sealerFor('place in the news')
  const live = makeLive({ events, policy, identity, agreements, sealer: places, clock, log })
  const oauth = makeOauth({ db, events, identity, sealer: sealerFor('oauth key'), ...times })
  const openid = makeOpenId({ outbound, clock })
  const ssoRooms = {
    db,
    events,
    identity,
    organisations,
    provisioning,
    signin,
    systemCtx,
    ...times,
  }
  const sso = makeSso({ ...ssoRooms, openid, sealer: sealerFor('sso'), mayBePrivate })
  const everyMs = countDownloadsEveryMs
  const downloads = startDownloadCounter({ repos, clock, log, everyMs })

  const hub: Hub = {
    clock,
    chance,
    policy,
    identity,
    quota,
    chunks,
    content,
    repos,
    organisations,
    provisioning,
    downloads,
    refs,
    lineage,
    commits,
    access,
    scanning,
    search,
    social,
    jobs,
    audit,
    live,
    signin,
    oauth,
    signing,
    agreements,
    sso,
    async checkReady() {
      await db.flavor.ping(db.read)
      await bytes.freeBytes()
    },
    highlighter,
    weigh: async () => reportOnHub({ hub, db }),
    standing: async () => ({ engine: db.flavor.engine, freeBytes: await bytes.freeBytes() }),
  }

  const queueChores = makeChores({ hub, db, events, log, config, systemCtx })

  let isListening = false
  const listen = (): void => {
    if (isListening) return
    isListening = true
    const rooms = [search, organisations, scanning, lineage, audit, access]
    const consumers = [...rooms.map(({ consumer }) => consumer), ...agreements.consumers]
    for (const consumer of consumers) events.consume(consumer)
    live.start()
  }

  return {
    config,
    hub,
    events,
    db,
    bytes,
    xorbs,
    log,
    systemCtx,
    listen,
    async startWork() {
      listen()
      events.start(eventPollMs)
      await queueChores()
      jobs.start(jobPollMs)
      audit.start(trailEveryMs)
    },
    async settle() {
      await events.settle()
      await jobs.settle()
      await events.settle()
    },
    async [Symbol.asyncDispose]() {
      live.stop()
      await jobs[Symbol.asyncDispose]()
      await events[Symbol.asyncDispose]()
      await downloads[Symbol.asyncDispose]()
      await audit[Symbol.asyncDispose]()
      await content[Symbol.asyncDispose]()
      await compute[Symbol.asyncDispose]()
      await derive[Symbol.asyncDispose]()
      await highlighter[Symbol.asyncDispose]()
      await mailer?.[Symbol.asyncDispose]()
      await bytes[Symbol.asyncDispose]()
      await xorbs[Symbol.asyncDispose]()
      await db[Symbol.asyncDispose]()
    },
  }
}
