/** Collections as the clients read them. */
import type { Collection, CollectionItem } from '#core/hub.ts'
import { isoDate } from '#core/kernel/time.ts'
import { avatarUrlOf } from './person.ts'

const escapeHtml = (text: string): string =>
  text.replace(/[&<>"']/g, (c) => `&#${c.codePointAt(0)};`)

const itemJson = (item: CollectionItem): object => {
  const { note } = item
  const shared = {
    _id: item.id,
    position: item.position,
    type: item.kind,
    ...(note === undefined ? {} : { note: { html: escapeHtml(note), text: note } }),
  }
  if (item.kind === 'collection') {
    const { slug, target } = item
    return { ...shared, id: target.id, slug, title: target.title }
  }
  const { repo } = item
  return {
    ...shared,
    id: item.path,
    repoType: item.kind,
    author: repo.owner,
    private: repo.visibility === 'private',
    gated: repo.gate ?? false,
    downloads: repo.downloads,
    likes: repo.likes,
    lastModified: isoDate(repo.updatedAtMs),
  }
}

/** As a list shows it. */
export const listedJson = (collection: Collection): object => {
  const { owner, description } = collection
  return {
    slug: collection.slug,
    title: collection.title,
    ...(description === undefined ? {} : { description }),
    owner: {
      _id: owner.id,
      name: owner.name,
      fullname: owner.fullName,
      avatarUrl: avatarUrlOf(owner.name),
      type: owner.kind,
    },
    lastUpdated: isoDate(collection.updatedAtMs),
    private: collection.isPrivate,
    gating: false,
    theme: collection.theme,
    upvotes: collection.upvotes,
    items: collection.items.map(itemJson),
  }
}

/** With the place among the owner's collections, which clients add to lists by themselves. */
export const collectionJson = (collection: Collection): object => ({
  ...listedJson(collection),
  position: collection.position,
})
