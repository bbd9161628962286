/** Access given on a repo ends with its owner: a new one starts with what the repo itself says. */
import type { Database } from '#db/connect.ts'
import type { Consumer } from '../events/index.ts'
import { deleteGrantsUntil } from './organisations.sql.ts'

const ownerOf = (path: string): string => path.slice(0, path.indexOf('/')).toLowerCase()

/** Repeating an event takes away nothing that was given after it. */
export const makeGrantConsumer = (db: Database): Consumer => ({
  name: 'grants',
  concerns: (name) => name === 'repo_deleted' || name === 'repo_moved',
  async handle(event) {
    const isOver =
      event.name === 'repo_deleted' ||
      (event.name === 'repo_moved' && ownerOf(event.payload.from) !== ownerOf(event.payload.to))
    if (!isOver || event.repoId === undefined) return
    const { repoId, atMs } = event
    await db.tx((q) => deleteGrantsUntil(q, repoId, atMs))
  },
})
