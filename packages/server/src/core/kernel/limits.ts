/** Every bound of the hub, with its unit in its name. Config may lower or raise those listed in `config.ts`. */

const KiB = 1024
const MiB = 1024 * KiB
const GiB = 1024 * MiB

export const limits = {
  /** Git blobs up to this size live in the database, larger ones in the byte store. */
  inlineBlobBytesMax: 32 * KiB,
  /** A file sent inside a commit instead of as an upload (Hub rule: larger ones go through LFS). */
  regularFileBytesMax: 10 * MiB,
  /** Upload modes: above this size a file is always an upload. */
  lfsThresholdBytes: 10 * MiB,
  /** One line of a commit's NDJSON: a regular file in base64, its path and keys. */
  commitLineBytesMax: 16 * MiB,
  /** All lines of one commit together. */
  commitBodyBytesMax: 2 * GiB,
  commitOperationsMax: 25_000,
  commitMessageBytesMax: 64 * KiB,
  /** Entries of one directory, and files of one repo. */
  treeEntriesMax: 100_000,
  repoFilesMax: 500_000,
  /** Body of an ordinary JSON call. */
  jsonBodyBytesMax: 8 * MiB,
  preuploadFilesMax: 2_000,
  pathsInfoMax: 2_000,
  lfsBatchObjectsMax: 2_000,
  /** One stored file. */
  fileBytesMax: 5 * 1024 * GiB,
  /** LFS uploads above this size are offered in parts where the client can. */
  multipartThresholdBytes: 4 * GiB,
  multipartPartBytes: 256 * MiB,
  multipartPartsMax: 10_000,
  /** Parts of an upload from a browser: small, since it may be closed at any moment, and is continued part by part. */
  browserPartBytes: 16 * MiB,
  uploadTicketSeconds: 6 * 3600,
  downloadTicketSeconds: 3600,
  /** A running download is decided about again after this time: what has ended is cut within a minute. */
  recheckMs: 30_000,
  /** An upload not finished by then is forgotten and its bytes are swept. */
  uploadLifeMs: 24 * 3600 * 1000,
  /** Unreferenced bytes younger than this are never swept. */
  sweepGraceMs: 24 * 3600 * 1000,
  /** What a sweep was taking away and has not finished by then, another may finish. */
  sweepTakeoverMs: 60_000,
  /** One shard: what a client states of about 90 TB at once. */
  shardBytesMax: 64 * MiB,
  /** What a client is told of known chunks at once: it describes about 4 GB. */
  dedupAnswerBytesMax: 3 * MiB,
  /** A Xet token; it is accepted a little longer, since clients never ask again after a refusal. */
  xetTokenSeconds: 3600,
  xetTokenGraceSeconds: 300,
  /** Links to ranges of xorbs: clients queue gigabytes before they use one. */
  xorbTicketSeconds: 6 * 3600,
  /** Ranges that one link may cover. */
  rangesPerLinkMax: 64,
  /** Xorbs sent and never named by a file: an upload that may be continued. */
  xorbUploadGraceMs: 7 * 24 * 3600 * 1000,
  /** How long clients name xorbs from memory: 21 days, and a day for their clocks. */
  clientMemoryMs: 22 * 24 * 3600 * 1000,
  /** Contents from this size on are stored as chunks. */
  chunkedBytesMin: 64 * KiB,
  /** A content that came in whole is cut when it has been there for this long: its commit, and those that follow at once, come first. */
  chunkAfterMs: 2_000,
  /** Xorbs at rest are verified again after this time, this much an hour. */
  scrubEveryMs: 30 * 24 * 3600 * 1000,
  scrubBytesPerHour: 32 * GiB,
  /** Requests for access listed at once. */
  accessPageMin: 10,
  accessPageMax: 1_000,
  peoplePageMax: 1_000,
  collectionsPerOwnerMax: 1_000,
  collectionItemsMax: 500,
  collectionPageMax: 100,
  /** Items that a list shows of each collection. */
  collectionPreviewItems: 4,
  treePageMax: 1_000,
  treePageExpandedMax: 100,
  commitsPageMax: 1_000,
  repoListPageMax: 1_000,
  repoListPageWithFilesMax: 100,
  /** Commits listed of one revision. */
  historyWalkMax: 100_000,
  /** How far history is walked to find the last commit of each path. */
  lastCommitWalkMax: 2_000,
  /** README front matter read for derived facts. */
  cardBytesMax: 1 * MiB,
  headerBytesMax: 32 * MiB,
  /** Colouring one text of code, the start of its grammar included. */
  highlightMs: 4_000,
  codeCharsMax: 256 * KiB,
  refsPerRepoMax: 10_000,
  /** Gathered before it is written to the disk: half of a processor's second cache, beyond which the copy costs three times as much. */
  receiveChunkBytes: 512 * KiB,
  /** A transfer without progress for this long is cut. */
  stallMs: 60_000,
  /** How long, and how much, is read of a body that was refused before its end. */
  lingerMs: 5_000,
  lingerBytesMax: 256 * MiB,
  jobAttemptsMax: 8,
  /** Entries of the trail: one page, one delivery to a sink, and denials that wait to be written. */
  auditPageMax: 1_000,
  auditBatchMax: 200,
  denialsGatheredMax: 2_000,
  tokensPerAccountMax: 1_000,
  tokenLabelCharsMax: 100,
  /** Repos and namespaces that one fine-grained token names. */
  scopeEntriesMax: 200,
  /** How long an old secret may go on beside the new one. */
  tokenOverlapMsMax: 7 * 24 * 3600_000,
  /** Leaked tokens are looked for in files up to this size, of one push up to this much, this many files and this many commits. */
  leakFileBytesMax: 1 * MiB,
  leakPushBytesMax: 64 * MiB,
  leakPushFilesMax: 2_000,
  leakPushCommitsMax: 50,
  membersPerOrgMax: 10_000,
  teamsPerOrgMax: 1_000,
  groupsPerOrgMax: 1_000,
  invitationsPerOrgMax: 1_000,
  /** An invitation that nobody accepted by then is void. */
  invitationLifeMsMax: 30 * 24 * 3600_000,
  invitationLifeMs: 7 * 24 * 3600_000,
  /** An act that no second person decided about by then is forgotten. */
  pendingActLifeMs: 7 * 24 * 3600_000,
  pendingActsPerOrgMax: 500,
  orgKeysMax: 100,
  domainsPerOrgMax: 20,
  /** How often a proved domain is looked at again, and how long its proof may stay away. */
  domainCheckEveryMs: 24 * 3600_000,
  domainLostAfterMs: 7 * 24 * 3600_000,
  dnsAnswerMs: 3_000,
  /** Agreements an organisation has begun, and what may be written and said of one. */
  agreementsPerOrgMax: 10_000,
  agreementVersionsMax: 200,
  templatesPerOrgMax: 100,
  templateVersionsMax: 200,
  agreementStatementsMax: 100_000,
  /** Letters to one party about one thing that was said, and things said of one agreement in a day that letters tell of. */
  lettersPerPartyMax: 20,
  agreementNewsPerDayMax: 30,
  /** An organisation that begins more agreements in a day sends no letters about what it proposes: others see it in their lists. */
  agreementsBegunToldMax: 50,
  /** What one repo names as made from, decisions about one repo, and repos judged again when one changes. */
  licenceOverridesPerRepoMax: 200,
  licenceOverrideLifeMsMax: 3 * 365 * 24 * 3600_000,
  lineageChildrenMax: 10_000,
  /** What parties owe each other under one agreement, and what one of them shows for it. */
  dutiesPerAgreementMax: 10_000,
  /** Room set aside for a use that never ended is given back after this, and a use counts once by its key for this long. */
  meterReservedMs: 15 * 60_000,
  /** A monthly statement of use is disputed for this long. */
  usageDisputeMs: 30 * 24 * 3600_000,
  meterKeyMs: 48 * 3600_000,
  evidenceBytesMax: 64 * KiB,
  /** Who says nothing against evidence for this long has accepted it. */
  evidenceSilenceMs: 30 * 24 * 3600_000,
  signatoriesPerOrgMax: 1_000,
  /** An authority to sign is given for at most this long, and then again by two people. */
  signatoryLifeMsMax: 3 * 365 * 24 * 3600_000,
  apiPageMax: 1_000,
  /** Live news: who may listen at once, by person and in all; silence on one stream; how far back it is told what was missed. */
  liveStreamsMax: 2_000,
  liveStreamsPerPersonMax: 20,
  liveBeatMs: 20_000,
  liveMissedEventsMax: 1_000,
  /** What somebody just came for may have changed while the page was on its way. */
  liveFreshMs: 10_000,
  liveFreshEventsMax: 200,
  /** Changes that wait for a slow listener; beyond these it is told to read all again. */
  liveWaitingMax: 500,
  passwordCharsMin: 12,
  passwordCharsMax: 1_024,
  /** Password hashes that wait for their turn. */
  passwordsWaitingMax: 64,
  /** A session ends when it was not used for this long, and in any case after this. */
  sessionIdleMs: 14 * 24 * 3600_000,
  sessionLifeMs: 90 * 24 * 3600_000,
  sessionsPerAccountMax: 100,
  /** Wrong guesses before there is a pause, by what they are counted for; the pause doubles with each further one. */
  guessesPerAccount: 5,
  guessPauseMs: 60_000,
  guessPauseMsMax: 3600_000,
  /** Of one address, behind which many people may be. */
  guessesPerAddress: 100,
  /** Guesses are forgotten after this. */
  guessMemoryMs: 24 * 3600_000,
  /** Ended sessions are kept for this long. */
  sessionKeptMs: 30 * 24 * 3600_000,
  /** A second step or a passkey that was asked for and not answered by then is forgotten; so many wait for one address. */
  challengeLifeMs: 5 * 60_000,
  challengesPerAddressMax: 200,
  /** Whoever proved who they are may change how they sign in for this long. */
  proofFreshMs: 5 * 60_000,
  recoveryLinkMs: 24 * 3600_000,
  passkeysPerAccountMax: 50,
  passkeyLabelCharsMax: 100,
  /** OAuth: a code for a token, a device that waits, how often it may ask. */
  deviceLifeMs: 15 * 60_000,
  devicePollSeconds: 5,
  devicesWaitingMax: 10_000,
  devicesPerAddressMax: 50,
  /** A command line is signed in for long and renews itself. */
  cliTokenMs: 30 * 24 * 3600_000,
  refreshLifeMs: 90 * 24 * 3600_000,
  /** An answer may be lost: a refresh token is taken again for this long, this often, and the old access token goes on. */
  refreshOverlapMs: 60_000,
  refreshRepeatsMax: 10,
  /** OAuth apps: a code for a token, the token, and how long old rows are kept to be told from unknown ones. */
  oauthCodeMs: 60_000,
  appTokenMs: 8 * 3600_000,
  oauthKeptMs: 24 * 3600_000,
  /** ID tokens, and the key that signed them after another took its place. */
  idTokenMs: 3600_000,
  oauthKeyRetiredMs: 24 * 3600_000,
  appsPerAccountMax: 100,
  appNameCharsMax: 100,
  redirectUrisPerAppMax: 20,
  redirectUriCharsMax: 1_024,
  /** Apps that register themselves: in a day from one address and in all; never used, and used no more, they are forgotten. */
  selfAppsPerAddressMax: 20,
  selfAppsPerDayMax: 2_000,
  selfAppUnusedMs: 24 * 3600_000,
  selfAppIdleMs: 120 * 24 * 3600_000,
  oauthPruneBatch: 500,
  /** Requests to other servers: silence that ends one, and its time in all. */
  outboundStallMs: 10_000,
  outboundAnswerMs: 30_000,
  /** Single sign-on: what is read of one answer of a provider; providers, and what each may say. */
  openIdAnswerBytesMax: 512 * KiB,
  ssoProvidersMax: 1_000,
  ssoProvidersPerOrgMax: 10,
  ssoRulesMax: 500,
  ssoDomainsMax: 100,
  ssoGroupsMax: 2_000,
  /** From the way to the provider until the way back, and how many may be on it. */
  ssoAttemptLifeMs: 15 * 60_000,
  ssoAttemptsMax: 20_000,
  ssoAttemptsPerAddressMax: 200,
  /** Names that are tried for a new person. */
  ssoNamesTriedMax: 50,
  /** Shards up to this size are taken at once: what a client states of 1 GB. */
  shardSmallBytesMax: 1 * MiB,
  /** Larger shards that are received and verified at once, each from another account; others wait. One holds up to three times its size. */
  largeShardsMax: 2,
  /** A larger shard that has not come by then loses its place. */
  largeShardReceiveMs: 10 * 60_000,
  /** A directory: people it knows in one organisation, the leavers included. Groups are teams, with the bounds of teams. */
  directoryUsersPerOrgMax: 20_000,
  /** What a directory may say of one person. */
  directoryAttributesBytesMax: 32 * KiB,
  /** Members that one call adds to a group or takes away. */
  directoryGroupChangesMax: 2_000,
  /** A directory that ends more than this many, and more than half of the active, within this time waits for an administrator. */
  directoryEndedMin: 5,
  directoryBrakeMs: 3600_000,
  /** One call of a directory, its operations, and what it lists at once. */
  scimBodyBytesMax: 2 * MiB,
  scimOperationsMax: 1_000,
  /** Operations times the items of the lists they work on, and what the filter of one may ask. */
  scimPatchWorkMax: 1_000_000,
  scimPatchTermsMax: 5,
  scimPageMax: 200,
  scimMembersListedMax: 20_000,
  scimFilterCharsMax: 4_096,
  scimFilterTermsMax: 50,
  /** Chunks of one xorb that a client may mark: clients mark one in a thousand, and the first of a file. */
  markedChunksPerXorbMax: 256,
} as const
