import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { WEIGHHOUSE } from './hub-process.ts'

export interface AdminResult {
  readonly code: number
  readonly stdout: string
  readonly stderr: string
}

/** Runs `weighhouse …` to its end. */
export async function weighhouse(args: readonly string[], input = ''): Promise<AdminResult> {
  const child = spawn(process.execPath, [WEIGHHOUSE, ...args], { stdio: 'pipe' })
  let stdout = ''
  let stderr = ''
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => (stdout += chunk))
  child.stderr.setEncoding('utf8').on('data', (chunk: string) => (stderr += chunk))
  child.stdin.on('error', () => undefined)
  child.stdin.end(input)
  await once(child, 'close')
  return { code: child.exitCode ?? -1, stdout, stderr }
}

async function must(args: readonly string[], input = ''): Promise<string> {
  const { code, stdout, stderr } = await weighhouse(args, input)
  if (code !== 0) {
    throw new Error(`weighhouse ${args.join(' ')} ended with ${code}\n${stdout}${stderr}`)
  }
  return stdout
}

/** Of the users that `createUser` made. */
export const passwordOf = (name: string): string => `correct-horse-${name}-staple`

export async function createUser(dataDir: string, name: string): Promise<void> {
  const args = ['user', 'create', name, '--password-stdin', '--data', dataDir]
  await must(args, `${passwordOf(name)}\n`)
}

export async function createOrg(dataDir: string, name: string, owner: string): Promise<void> {
  await must(['org', 'create', name, '--owner', owner, '--data', dataDir])
}

export async function createToken(
  dataDir: string,
  user: string,
  role: 'read' | 'write',
): Promise<string> {
  const name = `${user}-${role}`
  const args = ['token', 'create', '--user', user, '--name', name, '--role', role]
  const said = await must([...args, '--json', '--data', dataDir])
  const token = (JSON.parse(said) as { token?: unknown }).token
  if (typeof token !== 'string') throw new Error(`token create said: ${said}`)
  return token
}
