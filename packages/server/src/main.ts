/** argv → config → open the house → wait for a signal → close. */
import { pino } from 'pino'
import { type Config, type Flags, localUrl, makeConfig } from '#config/config.ts'
import { readEnv } from '#config/env.ts'
import { makeServer } from '#doors/server.ts'
import { openHouse } from './house.ts'

const say = (line: string): void => void process.stdout.write(`${line}\n`)

const welcome = (config: Config, url: string, setup: string | undefined): void => {
  const shown = config.publicUrl ?? url
  say(`Weighhouse at ${shown}`)
  say(`  data folder   ${config.dataFolder}`)
  if (setup !== undefined) say(`  set-up, once  ${shown}/setup?code=${setup}`)
  say(`  clients       export HF_ENDPOINT=${shown}`)
}

const stopSignal = (): Promise<string> =>
  new Promise((resolve) => {
    for (const name of ['SIGINT', 'SIGTERM'] as const) process.once(name, () => resolve(name))
  })

/** Runs the hub until a signal. Prints `ready http://HOST:PORT` on a line of its own when it can answer. */
export const serve = async (flags: Flags): Promise<void> => {
  const config = makeConfig(flags, readEnv())
  const log = pino({ level: config.logLevel }, pino.destination({ dest: 2, sync: false }))
  const stopped = stopSignal()
  await using house = await openHouse(config, log)
  const server = await makeServer(config, house.hub, log)
  const { port } = await server.listen()
  await house.startWork()
  const url = localUrl(config.host, port)
  welcome(config, url, await house.hub.identity.offerSetup())
  say(`ready ${url}`)
  log.info({ signal: await stopped }, 'stopping')
  await server.close(config.shutdownMs)
}
