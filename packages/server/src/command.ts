/** Opens a data folder for one command, beside a server that may be running on it. */
import { localUrl, makeConfig } from '#config/config.ts'
import { readEnv } from '#config/env.ts'
import { holdsSqlite } from './db/connect.ts'
import { type House, openHouse } from './house.ts'
import { restore } from './upkeep/backup.ts'
import type { FsckReport } from './upkeep/fsck.ts'

const configFor = (data: string | undefined) =>
  makeConfig(data === undefined ? {} : { data }, readEnv())

export interface OpenOptions {
  /** Begins a hub where there is none. */
  readonly begins?: boolean
}

/** Throws for a folder without a hub: a name that was mistyped is no new hub. */
export const openForCommand = async (
  data: string | undefined,
  { begins = false }: OpenOptions = {},
): Promise<House> => {
  const config = configFor(data)
  if (!begins && !holdsSqlite(config.dataFolder)) {
    throw new Error(
      `expected the data folder of a hub, found none at ${config.dataFolder}. Name it by --data or WEIGHHOUSE_DATA; "weighhouse serve" and "weighhouse user create" begin a new one.`,
    )
  }
  return openHouse(config)
}

/** Restores into the data folder, before there is a house to open. */
export const restoreForCommand = async (
  folder: string,
  data: string | undefined,
): Promise<{ dataFolder: string; report: FsckReport }> => {
  const { dataFolder } = configFor(data)
  return { dataFolder, report: await restore(folder, dataFolder) }
}

/** Where people find the hub that runs on this data folder, as far as the settings say. */
export const urlForCommand = ({ config: { publicUrl, host, port } }: House): string =>
  publicUrl ?? localUrl(host, port)
