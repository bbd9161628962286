/** Every page by its path. Pages come in scripts of their own, when they are needed. */
import {
  createRootRoute,
  createRoute,
  createRouter,
  lazyRouteComponent,
  type AnyRoute,
} from '@tanstack/react-router'
import { readAhead } from '../repos/data.ts'
import { basePath } from './base.ts'
import { Broken } from './Broken.tsx'
import { hereIn } from './here.ts'
import { Shell } from './Shell.tsx'
import { Lost } from './Lost.tsx'

const rootRoute = createRootRoute({ component: Shell, notFoundComponent: Lost })

type Load = Parameters<typeof lazyRouteComponent>[0]

/** `name` is the component that the module exports; `ahead` asks for data while its script comes. */
const page = (path: string, load: Load, name: string, ahead?: (here: string) => void): AnyRoute =>
  createRoute({
    getParentRoute: () => rootRoute,
    path,
    component: lazyRouteComponent(load, name),
    loader: ({ location }) => ahead?.(hereIn(location)),
  })

const repoPages: readonly [tail: string, load: Load, name: string][] = [
  ['', () => import('../repos/CardPage.tsx'), 'CardPage'],
  ['/tree/$', () => import('../repos/TreePage.tsx'), 'TreePage'],
  ['/blob/$', () => import('../repos/BlobPage.tsx'), 'BlobPage'],
  ['/commits/$', () => import('../repos/CommitsPage.tsx'), 'CommitsPage'],
  ['/commit/$sha', () => import('../repos/ChangesPage.tsx'), 'ChangesPage'],
  ['/compare/$', () => import('../repos/ChangesPage.tsx'), 'ChangesPage'],
  ['/branches', () => import('../repos/RefsPage.tsx'), 'RefsPage'],
  ['/settings', () => import('../repos/settings/RepoSettingsPage.tsx'), 'RepoSettingsPage'],
  ['/settings/$', () => import('../repos/settings/RepoSettingsPage.tsx'), 'RepoSettingsPage'],
  ['/upload/$', () => import('../repos/UploadPage.tsx'), 'UploadPage'],
  ['/edit/$', () => import('../repos/EditPage.tsx'), 'EditPage'],
  ['/new/$', () => import('../repos/EditPage.tsx'), 'EditPage'],
]

const routes = [
  page('/', () => import('../repos/HomePage.tsx'), 'HomePage'),
  page('/models', () => import('../repos/ExplorePage.tsx'), 'ExplorePage'),
  page('/datasets', () => import('../repos/ExplorePage.tsx'), 'ExplorePage'),
  page('/new', () => import('../repos/NewPage.tsx'), 'NewPage'),
  page('/new-dataset', () => import('../repos/NewPage.tsx'), 'NewPage'),
  page('/agreements', () => import('../agreements/ListPage.tsx'), 'ListPage'),
  page('/agreements/new', () => import('../agreements/write/NewPage.tsx'), 'NewPage'),
  page('/agreements/duties', () => import('../agreements/duties/DutiesPage.tsx'), 'DutiesPage'),
  page('/agreements/given', () => import('../agreements/given/GivenList.tsx'), 'GivenList'),
  page('/agreements/$id', () => import('../agreements/studio/StudioPage.tsx'), 'StudioPage'),
  page('/agreements/$id/write', () => import('../agreements/write/WritePage.tsx'), 'WritePage'),
  page('/agreements/$id/sign', () => import('../agreements/SignPage.tsx'), 'SignPage'),
  page('/agreements/$id/use', () => import('../agreements/given/GivenPage.tsx'), 'GivenPage'),
  page('/agreements/$id/evidence', () => import('../agreements/EvidencePage.tsx'), 'EvidencePage'),
  page('/settings', () => import('../accounts/settings/SettingsPage.tsx'), 'SettingsPage'),
  page('/settings/$', () => import('../accounts/settings/SettingsPage.tsx'), 'SettingsPage'),
  page('/organizations', () => import('../organisations/OrgsPage.tsx'), 'OrgsPage'),
  page(
    '/organizations/$org/settings',
    () => import('../organisations/settings/OrgSettingsPage.tsx'),
    'OrgSettingsPage',
  ),
  page(
    '/organizations/$org/settings/$',
    () => import('../organisations/settings/OrgSettingsPage.tsx'),
    'OrgSettingsPage',
  ),
  page('/inbox', () => import('../inbox/InboxPage.tsx'), 'InboxPage'),
  page('/admin', () => import('../admin/AdminPage.tsx'), 'AdminPage'),
  page('/admin/$', () => import('../admin/AdminPage.tsx'), 'AdminPage'),
  page('/setup', () => import('../signin/SetupPage.tsx'), 'SetupPage'),
  page('/$ns', () => import('../organisations/OwnerPage.tsx'), 'OwnerPage'),
  ...repoPages.flatMap(([tail, load, name]) =>
    ['', '/datasets', '/spaces', '/kernels'].map((prefix) =>
      page(`${prefix}/$ns/$name${tail}`, load, name, readAhead),
    ),
  ),
]

/** Everything in an address is text: no guessing at numbers, so that links of the public hub read the same. */
const parseSearch = (text: string): Record<string, string> =>
  Object.fromEntries(new URLSearchParams(text))

const stringifySearch = (search: Record<string, unknown>): string => {
  const pairs = Object.entries(search).filter(
    (pair): pair is [string, string] => typeof pair[1] === 'string',
  )
  const text = new URLSearchParams(pairs).toString()
  return text === '' ? '' : `?${text}`
}

export const router = createRouter({
  routeTree: rootRoute.addChildren(routes),
  basepath: basePath === '' ? '/' : basePath,
  parseSearch,
  stringifySearch,
  scrollRestoration: true,
  defaultPendingMs: 300,
  defaultErrorComponent: Broken,
})
