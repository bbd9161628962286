/** The page of licences: the table as it is enforced, and the rules with what they do. */
import { limits } from '@weighhouse/server/core/kernel/limits.ts'
import { licences } from '@weighhouse/formats/licence/table.ts'
import { licenceTableVersion } from '@weighhouse/formats/licence/table-data.ts'
import { table } from './table.ts'

const rules: readonly (readonly [string, string, string])[] = [
  ['R0', 'a base whose licence is not known, does not parse, or stands for a family', 'unknown'],
  ['R1', 'a changed version of what may not be changed and shared', 'block'],
  ['R2', 'the base is for non-commercial use, the card is not', 'conflict'],
  ['R3', 'share-alike: neither the same licence nor one it names', 'conflict'],
  ['R4', 'use restrictions of the base are not carried', 'conflict'],
  ['R5', 'the licence of the base governs what is inherited, and is not named', 'conflict'],
  ['R6', 'the name does not begin as the licence wants', 'conflict'],
  ['R7', 'trained on outputs that may not train other models', 'block'],
  ['R8', 'share-alike licences that nothing satisfies together', 'block'],
  ['R9', 'two community licences merged', 'warn'],
  ['R10', 'merged with what may not improve models of others', 'block'],
  ['R11', 'no rights in some places; agreements do not reach there', 'warn'],
  ['R12', 'a threshold: listed among the limits, to which a consumer attests', 'a limit'],
  ['D1', 'trained on non-commercial data', 'warn'],
  ['D2', 'trained on share-alike data', 'warn'],
  ['M1', 'meant for care, and a licence forbids it, or allows it under conditions', 'block, ask'],
  ['LICENSE_UNKNOWN', 'the card names no licence, or none that is clear', 'ask'],
  ['LINEAGE_CYCLE', 'it is named among what it was made from', 'ask'],
  ['LINEAGE_TOO_LARGE', 'more ancestors than are followed', 'block'],
]

const places = (all: (typeof licences)[number]['excludes']): string =>
  all.map(({ place, only }) => (only === undefined ? place : `${place} (${only})`)).join(', ')

const licencesPage = (): string => `# Licences and lineage

What a card says is read at every commit to the default branch: \`license\` (an id of Hugging Face, an SPDX expression, or a list, all of which
holds), \`license_name\` and \`license_link\` with \`license: other\`, \`base_model\`, \`base_model_relation\` (\`finetune\`, \`adapter\`, \`merge\`, \`quantized\`,
and of ours \`copy\`, \`converted\`, \`distilled\`), \`datasets\`. Two keys are ours: \`base_model_license\` says under which licence a base is that
is not on this hub (one for all, or a list in the order of \`base_model\`), and \`intended_purpose: medical\` says that a model is meant for
care. A base counts as here when whoever commits sees it, at that moment; what is named in vain is elsewhere.

Effective terms are the meet over all ancestors: the strictest use, every duty, every place left out. When an ancestor's licence changes, all that
was made from it is judged again.

## What follows from a verdict

| verdict | what |
| --- | --- |
| \`block\` | A commit, a visibility or an agreement that would show it to others is refused, before the branch moves (\`licence_blocked\`). Appearing later, it closes reading to all but the owner's people (\`LICENSE_CONFLICT\`). |
| \`unknown\` | An agreement about it is refused, and one in force gives no files, until a steward has decided (\`LICENSE_UNKNOWN\`): a partner relies on it. In the open it stays readable. |
| \`conflict\`, \`ask\`, \`warn\` | Written down, shown to the owner's people, with the words that would mend it. |

Private use stays possible in every case. Only the default branch is judged. A *steward* (whoever manages the owner) decides about
findings with a reason and an end of at most ${limits.licenceOverrideLifeMsMax / (365 * 24 * 3600_000)} years, and names counsel where a
licence forbids; when the decision ends, the finding counts again by itself.

Calls: \`GET …/licence\`, \`POST …/licence/check\` (a card that is not committed), \`GET …/lineage\`, \`GET\`, \`POST\`, \`DELETE
…/licence/decisions\`; on the data folder, \`weighhouse licence check <folder|OWNER/NAME>\`. Findings and proposals are for those who may
write. A parent that is hidden from the viewer looks like one that is elsewhere; hidden descendants are counted.

What was made from a model that its owner, or an organisation that its owner is of, got under an agreement stays with the parties of that
agreement, unless its terms permit \`redistributeWeights\`; duties that wait for derivatives begin ([duties.md](duties.md)).

## Rules

${table(['rule', 'when', 'verdict'], rules)}

## The table, version ${licenceTableVersion}

This is no legal advice. *Source*: T read in the text, K known, V to be verified. *Flow*: what travels with derivatives — nothing, the \`same\` licence, single
files, use restrictions (\`restr\`), the licence of the inherited part (\`lic\`), non-commercial use (\`nc\`).

${table(
  ['id', 'SPDX', 'commercial', 'derivatives', 'flow', 'duties', 'name', 'outputs', 'limits', 'not in', 'source'],
  licences.map((one) => [
    `\`${one.id}\``,
    `\`${one.spdx}\``,
    one.commercial,
    one.derivatives,
    one.flow,
    one.notices.join(' '),
    one.namePrefix ?? '',
    one.outputs.join(', '),
    one.limits.join('; '),
    places(one.excludes),
    one.source,
  ]),
)}
`

/** Text by file name below `docs/reference`. */
export const licencePages: Readonly<Record<string, () => string>> = {
  'licences.md': licencesPage,
}
