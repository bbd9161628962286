/** Opens a data folder for one command, beside a server that may be running on it. */
import { localUrl, makeConfig } from '#config/config.ts'
import { readEnv } from '#config/env.ts'
import { type House, openHouse } from './house.ts'
import { restore } from './upkeep/backup.ts'
import type { FsckReport } from './upkeep/fsck.ts'

const configFor = (data: string | undefined) =>
  makeConfig(data === undefined ? {} : { data }, readEnv())

export const openForCommand = (data: string | undefined): Promise<House> =>
  openHouse(configFor(data))

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
