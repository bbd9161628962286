/** The table of situations, as the suite in testkit drives it. */
import { notOffered, situationDoors } from '@weighhouse/testkit/situations/doors.ts'
import { situations } from '@weighhouse/testkit/situations/situations.ts'
import { table } from './table.ts'

const actions = ['see', 'browse', 'read', 'write', 'admin'] as const

const doorsFor = (action: (typeof actions)[number]): string =>
  situationDoors
    .filter((door) => door.action === action)
    .map(({ name, isSilent }) => (isSilent === true ? `${name}\\*` : name))
    .join('; ')

export const situationPage = (): string => `# Situations

Who asks, what is true, and what is answered: the same reason at every door, whatever its protocol. \`npm test\` drives each of these
${situations.length} situations at each of ${situationDoors.length} doors. *ok* is served, *hidden* is "not found", everything else is the reason: it stands in the header
\`X-Weighhouse-Reason\`, in the details of the API, and \`weighhouse access explain\` tells it.

\`dora\` and the program \`robot\` are of the clinic, \`mel\` may read at the lab, which owns the repository; \`ann\` administers the lab, \`root\` the hub.
What is agreed is agreed between the lab and the clinic.

${table(
  ['action', 'doors'],
  actions.map((action) => [action, doorsFor(action)]),
)}

Doors with a star say of whatever they refuse that there is nothing, and give no reason: lists, and links whose clients would take one for
leave to ask again.

What is *admin* is answered as what is *write*, but that administrators look after what was taken down or is in quarantine.

Not offered by this hub yet, so that nothing is asked there: ${notOffered.join(', ')}.

${table(
  ['situation', 'who', 'browse', 'read', 'write'],
  situations.map(({ name, who, browse, read, write }) => [name, who, browse, read, write]),
)}
`
