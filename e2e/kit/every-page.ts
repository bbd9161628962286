/**
 * Every page there is, in sets by who looks and at which world. A test file visits each set in light and dark at each width; `every-page.test.ts`
 * sees to it that no route is forgotten.
 */
export type Rows = readonly (readonly [name: string, path: string])[]

const repo = '/north-lab/report-triage'
const dataset = '/datasets/north-lab/reports'
const org = '/organizations/north-lab/settings'

/** Of the world of `fillWorld`, for somebody signed in as ann. */
const repos: Rows = [
  ['home', '/'],
  ['models', '/models'],
  ['models-none', '/models?search=nothing-is-called-this'],
  ['datasets', '/datasets?other=language%3Aen'],
  ['model', repo],
  ['model-gated', '/south-hospital/sepsis-warning'],
  ['dataset', dataset],
  ['tree', `${repo}/tree/main`],
  ['tree-folder', `${repo}/tree/main/notes`],
  ['blob-markdown', `${repo}/blob/main/README.md`],
  ['blob-code', `${repo}/blob/main/notes/run.py`],
  ['blob-table', `${repo}/blob/main/notes/metrics.csv`],
  ['blob-notebook', `${repo}/blob/main/notes/look.ipynb`],
  ['blob-tensors', `${repo}/blob/main/model.safetensors`],
  ['blob-parquet', `${dataset}/blob/main/data/train.parquet`],
  ['commits', `${repo}/commits/main`],
  ['commit', `${repo}/commit/main`],
  ['compare', `${repo}/compare/main...main`],
  ['branches', `${repo}/branches`],
  ['upload', `${repo}/upload/main`],
  ['edit', `${repo}/edit/main/notes/run.py`],
  ['new-file', `${repo}/new/main`],
  ['new', '/new'],
  ['new-dataset', '/new-dataset'],
  ['nowhere', '/nobody/nothing'],
]

const repoSettings: Rows = [
  ['inbox', '/inbox'],
  ['repo-general', `${repo}/settings`],
  ['repo-gate', '/south-hospital/sepsis-warning/settings/gate'],
  ['repo-gate-own', `${repo}/settings/gate`],
  ['repo-requests', `${repo}/settings/requests`],
  ['repo-access', `${repo}/settings/access`],
  ['repo-collaborators', `${repo}/settings/collaborators`],
  ['repo-licence', `${repo}/settings/licence`],
]

const settings: Rows = [
  ['settings-profile', '/settings'],
  ['settings-sign-in', '/settings/sign-in'],
  ['settings-sessions', '/settings/sessions'],
  ['settings-tokens', '/settings/tokens'],
  ['settings-apps', '/settings/apps'],
  ['settings-appearance', '/settings/appearance'],
  ['settings-activity', '/settings/activity'],
]

const organisations: Rows = [
  ['orgs', '/organizations'],
  ['org', '/north-lab'],
  ['org-profile', org],
  ['org-members', `${org}/members`],
  ['org-teams', `${org}/teams`],
  ['org-groups', `${org}/groups`],
  ['org-rules', `${org}/rules`],
  ['org-approvals', `${org}/approvals`],
  ['org-services', `${org}/services`],
  ['org-sso', `${org}/single-sign-on`],
  ['org-directory', `${org}/directory`],
  ['org-audit', `${org}/audit`],
  ['org-denied', '/organizations/south-hospital/settings/members'],
]

/** For `root`, who administers the hub. */
const admin: Rows = [
  ['admin', '/admin'],
  ['admin-people', '/admin/people'],
  ['admin-orgs', '/admin/organisations'],
  ['admin-storage', '/admin/storage'],
  ['admin-jobs', '/admin/jobs'],
  ['admin-holds', '/admin/holds'],
  ['admin-sign-in', '/admin/sign-in'],
  ['admin-audit', '/admin/audit'],
]

/** Of the parties of `fillParties`; `:id` is an agreement that was countered. */
const agreements: Rows = [
  ['agreements', '/agreements'],
  ['agreements-new', '/agreements/new?template=research'],
  ['agreements-gallery', '/agreements/new'],
  ['studio', '/agreements/:id'],
  ['studio-terms', '/agreements/:id?panel=terms'],
  ['studio-people', '/agreements/:id?panel=people'],
  ['studio-use', '/agreements/:id?panel=use'],
  ['studio-activity', '/agreements/:id?panel=activity'],
  ['agreement-write', '/agreements/:id/write'],
  ['agreement-sign', '/agreements/:id/sign'],
  ['agreement-evidence', '/agreements/:id/evidence'],
  ['duties', '/agreements/duties'],
  ['party', '/organizations/lab/settings/party'],
]

/** Of the same parties, for `dora`, who uses what was agreed as `:id` and has to accept its restrictions. */
const given: Rows = [
  ['agreements-given', '/agreements/given'],
  ['agreement-use', '/agreements/:id/use?as=clinic'],
  ['model-restricted', '/lab/retina'],
]

/** Drawn by the server, most of them for nobody in particular; `:secret` is of an invitation, or of a link to a new password. */
const signIn: Rows = [
  ['login', '/login'],
  ['login-org', '/login?org=north-lab'],
  ['recover', '/recover'],
  ['recover-link', '/recover/:secret'],
  ['setup', '/setup'],
]

/** The same, for somebody signed in. */
const signedIn: Rows = [
  ['join', '/join/:secret'],
  ['device', '/device'],
  ['security', '/settings/security'],
  ['security-proof', '/settings/security/proof'],
]

export const everyPage = {
  repos,
  repoSettings,
  settings,
  organisations,
  admin,
  agreements,
  given,
  signIn,
  signedIn,
} as const
