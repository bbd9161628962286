/** Opens a data folder for one command, beside a server that may be running on it. */
import { makeConfig } from '#config/config.ts'
import { readEnv } from '#config/env.ts'
import { type House, openHouse } from './house.ts'

export const openForCommand = (data: string | undefined): Promise<House> =>
  openHouse(makeConfig(data === undefined ? {} : { data }, readEnv()))
