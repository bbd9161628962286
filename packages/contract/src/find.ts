/** Files found by part of their name, or by their bytes: among what the caller may browse. */
import { Type } from 'typebox'
import { call } from './call.ts'
import { repoType } from './parts.ts'

export const findCalls = {
  /** Of one revision, whatever their folder, and whatever path `at` goes on with. The best come first. */
  findFiles: call({
    method: 'GET',
    path: '/repos/:type/:ns/:name/files',
    query: Type.Object({
      at: Type.String({ minLength: 1, maxLength: 4_096 }),
      /** Parts of the path, apart by spaces, in any letter case. */
      q: Type.String({ maxLength: 256 }),
    }),
    answer: Type.Object({
      revision: Type.String(),
      paths: Type.Array(Type.String()),
      total: Type.Integer(),
    }),
  }),
  /** On the default branches of repos. */
  findContent: call({
    method: 'GET',
    path: '/contents/:sha256',
    answer: Type.Object({
      items: Type.Array(Type.Object({ type: repoType, repo: Type.String(), path: Type.String() })),
    }),
  }),
} as const
