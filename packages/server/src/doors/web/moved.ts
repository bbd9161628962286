/** Pages of a repo under an old name, or one in other letter case: they lead on to the name that it has now. */
import type { FastifyReply, FastifyRequest } from 'fastify'
import { isHubError } from '#core/kernel/errors.ts'
import { ctxOf, type Door } from '../kit/context.ts'
import { pathOfHub } from './below.ts'

const types = { datasets: 'dataset', spaces: 'space', kernels: 'kernel' } as const

const isTyped = (segment: string): segment is keyof typeof types => Object.hasOwn(types, segment)

interface Named {
  readonly type: 'model' | (typeof types)[keyof typeof types]
  /** As it is written in the address, decoded. */
  readonly path: string
  /** What stands before and behind the name, as it is written. */
  readonly prefix: string
  readonly rest: string
}

/** Undefined for what cannot be a page of a repo. Pages of other kinds look like one, of an owner whose name no account may take. */
const nameIn = (url: string): Named | undefined => {
  // What a client sends behind a # is no part of the path either.
  const [, path = '', search = ''] = /^([^?#]*)([?#].*)?$/.exec(url) ?? []
  const [, first = '', ...others] = path.split('/')
  const type = isTyped(first) ? types[first] : 'model'
  const [ns = '', name = '', ...rest] = type === 'model' ? [first, ...others] : others
  if (ns === '' || name === '') return undefined
  return {
    type,
    // What cannot be decoded was refused before.
    path: `${decodeURIComponent(ns)}/${decodeURIComponent(name)}`,
    prefix: type === 'model' ? '' : `/${first}`,
    rest: [...rest.map((one) => `/${one}`), search].join(''),
  }
}

const encoded = (path: string): string => path.split('/').map(encodeURIComponent).join('/')

/** Where it leads on to, below the hub's own path; undefined for whoever may not see it, as where there is nothing. */
export const movedTo = async (
  door: Door,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<string | undefined> => {
  const named = nameIn(request.url)
  if (named === undefined) return undefined
  const { type, path, prefix, rest } = named
  try {
    const ctx = await ctxOf(door, request, reply)
    const { repo } = await door.hub.policy.require(ctx, 'repo.see', { type, path })
    if (repo.path === path) return undefined
    // Said here, since an owner may be called as that path is.
    return `${pathOfHub(door)}${prefix}/${encoded(repo.path)}${rest}`
  } catch (error) {
    if (isHubError(error)) return undefined
    throw error
  }
}
