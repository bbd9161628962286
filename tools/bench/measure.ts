/** Medians, CPU seconds and memory of a process, machine facts. */
import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { cpus, release, totalmem } from 'node:os'

export const median = (values: readonly number[]): number => {
  const sorted = values.toSorted((a, b) => a - b)
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN
}

export const percentile = (values: readonly number[], part: number): number => {
  const sorted = values.toSorted((a, b) => a - b)
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? Number.NaN
}

const ticksPerSecond = 100

/** User and system seconds a process has used so far, as Linux counts them. */
export const cpuSeconds = (pid: number): number => {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  return (Number(fields[11]) + Number(fields[12])) / ticksPerSecond
}

/** Resident bytes of a process now. */
export const residentBytes = (pid: number): number => {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8')
  return Number(/VmRSS:\s+(\d+)/.exec(status)?.[1] ?? 0) * 1024
}

/** Undefined where it is not installed. */
const firstLine = (command: string, ...args: string[]): string | undefined => {
  try {
    const output = execFileSync('sh', ['-c', `${[command, ...args].join(' ')} 2>&1`], {
      encoding: 'utf8',
    })
    return output.split('\n')[0]?.trim() ?? ''
  } catch {
    return undefined
  }
}

/** What the numbers depend on. */
export const machine = (): [string, string | undefined][] => [
  ['processor', `${cpus()[0]?.model.trim() ?? '?'}, ${cpus().length} cores`],
  ['memory', `${Math.round(totalmem() / 1024 ** 3)} GiB`],
  ['kernel', release()],
  ['Node', process.version],
  ['distribution', firstLine('docker-registry', '--version')],
  ['nginx', firstLine('nginx', '-v')],
  ['ab', firstLine('ab', '-V')],
  ['restic', firstLine('restic', 'version')],
]

/** Writes everything dirty to the disk, so that one round does not pay for another. */
export const settleDisk = (): void => {
  execFileSync('sync')
}
