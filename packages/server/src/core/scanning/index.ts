/**
 * The scanning room: looks into what was pushed for what should not be there. So far for tokens of this hub, which are revoked at
 * once: whoever reads the repo could use them.
 *
 * Invariants: looking again at the same push changes nothing; a push is looked at within bounds, and its own fate does not hang on it.
 */
import type { Consumer } from '../events/index.ts'
import { hasCheck, type Identity, secretsIn } from '../identity/index.ts'
import type { Ctx } from '../kernel/ctx.ts'
import { isHubError } from '../kernel/errors.ts'
import type { RepoId } from '../kernel/ids.ts'
import { limits } from '../kernel/limits.ts'
import type { Permit, Policy } from '../policy/index.ts'
import type { Refs } from '../refs/index.ts'
import { newFiles, type PushedFile } from './pushed.ts'

export interface Scanning {
  /** Revokes tokens that lie open in new commits. */
  readonly consumer: Consumer
}

export interface ScanningDeps {
  readonly policy: Policy
  readonly identity: Identity
  readonly refs: Refs
  /** A context that acts for the hub itself. */
  readonly systemCtx: Ctx
}

const secretsPerFileMax = 100

export const makeScanning = ({ policy, identity, refs, systemCtx }: ScanningDeps): Scanning => {
  const look = async (
    permit: Permit<'repo.read'>,
    { commit, path }: PushedFile,
  ): Promise<number> => {
    const bytes = await refs.read(permit, commit, path, limits.leakFileBytesMax)
    if (bytes === undefined) return 0
    // Secrets are ASCII, whatever the rest of the file is.
    const found = secretsIn(bytes.toString('latin1'), secretsPerFileMax)
    // Those that check first: the others may only look like tokens of an older hub.
    const secrets = found.toSorted((a, b) => Number(hasCheck(b)) - Number(hasCheck(a)))
    if (secrets.length === 0) return bytes.length
    const { id, path: repoPath } = permit.repo
    const where = { repoId: id, path: repoPath, file: path }
    const ended = await identity.revokeLeaked(systemCtx, secrets, where)
    if (ended > 0) {
      systemCtx.log.warn({ repo: repoPath, file: path, ended }, 'leaked tokens were revoked')
    }
    return bytes.length
  }

  return {
    consumer: {
      name: 'leaks',
      concerns: (name) => name === 'refs_updated',
      async handle(event) {
        if (event.name !== 'refs_updated' || event.repoId === undefined) return
        try {
          const permit = await policy.require(systemCtx, 'repo.read', event.repoId as RepoId)
          let looked = 0
          for (const file of await newFiles(refs.objects, permit.repo.id, event.payload.updates)) {
            looked += await look(permit, file)
            if (looked > limits.leakPushBytesMax) return
          }
        } catch (error) {
          // Deleted or collected in the meantime: there is nothing to read any more.
          if (!isHubError(error)) throw error
          systemCtx.log.info({ err: error, seq: event.seq }, 'a push was not looked through')
        }
      },
    },
  }
}
