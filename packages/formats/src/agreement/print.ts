/**
 * A version of an agreement on paper: the words people sign, with the machine terms that do the same beneath each clause and a label that
 * says what backs it. Black on white, A4 or Letter; texts of agreements are escaped. The digest decides, the paper is a copy.
 */
import type { Terms } from '../terms/terms.ts'
import { obligationWords, permissionWords, prohibitionWords } from '../terms/words.ts'
import type { AgreementBody, BodyParty, Clause } from './body.ts'

export interface Printed {
  readonly body: AgreementBody
  readonly sha256: string
  /** One word: draft, proposed, active. */
  readonly state: string
  readonly signatures: readonly {
    readonly legalName: string
    readonly person: string
    readonly title: string
    /** UTC. */
    readonly at: string
    readonly keyid: string
  }[]
  /** When this was printed, UTC. */
  readonly at: string
}

const escapes: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}

const html = (text: string): string => text.replaceAll(/[&<>"']/g, (sign) => escapes[sign] ?? sign)

const labels: Readonly<Record<Clause['strength'], string>> = {
  E: 'Enforced',
  M: 'Metered',
  A: 'Attested',
  N: 'Words alone',
}

const legend =
  'Enforced: the hub refuses otherwise. Metered: the hub counts. Attested: somebody answers for it. Words alone: between the parties.'

/** Weight on paper as on the screen: solid, half, outline, dashed. */
export const printStyle = `
@page { size: A4; margin: 14mm 15mm 16mm }
* { box-sizing: border-box }
body { margin: 0 auto; max-width: 190mm; padding: 6mm; color: #000; background: #fff }
body { font: 8.6pt/1.32 "IBM Plex Serif", Georgia, "Times New Roman", serif }
@media print { body { padding: 0; max-width: none } }
h1 { margin: 0 0 1mm; font-size: 15pt; line-height: 1.2 }
h2 { margin: 0; font-size: 9.2pt; break-after: avoid }
table { width: 100%; border-collapse: collapse; margin: 2mm 0 }
th, td { text-align: start; vertical-align: top; padding: .6mm 2mm .6mm 0; border-bottom: .2mm solid #999 }
th { font-weight: 600; white-space: nowrap }
.signed th { white-space: normal; width: 32% }
.meta, .terms, footer, .label, th { font-family: "IBM Plex Sans", system-ui, sans-serif }
.meta { margin: 0 0 2mm; font-size: 7.6pt }
.clauses { columns: 2; column-gap: 7mm; margin-top: 2mm }
section { break-inside: avoid; margin: 0 0 2.2mm }
section p { margin: .4mm 0 }
.label { float: inline-end; font-size: 6.4pt; padding: .1mm 1.2mm; border: .25mm solid #000 }
.label { border-radius: .6mm; margin-inline-start: 1.5mm }
.E { background: #000; color: #fff; print-color-adjust: exact; -webkit-print-color-adjust: exact }
.M { background: linear-gradient(#fff 55%, #bbb 55%); print-color-adjust: exact; -webkit-print-color-adjust: exact }
.N { border-style: dashed }
.terms { margin: .4mm 0 0; padding: 0; list-style: none; font-size: 6.9pt; line-height: 1.25; color: #333 }
.hash { font-family: "IBM Plex Mono", ui-monospace, monospace; font-size: 6.8pt; overflow-wrap: anywhere }
footer { margin-top: 2mm; border-top: .3mm solid #000; padding-top: 1mm; font-size: 7pt }
`

const termsOf = (terms: Terms, clause: string): readonly string[] => [
  ...terms.permissions.filter((one) => one.clause === clause).map(permissionWords),
  ...terms.prohibitions.filter((one) => one.clause === clause).map(prohibitionWords),
  ...terms.obligations.filter((one) => one.clause === clause).map(obligationWords),
]

const clauseHtml = ({ terms }: AgreementBody, clause: Clause, number: number): string => {
  const { id, title, text, strength } = clause
  const rules = termsOf(terms, id).map((one) => `<li>${html(one)}</li>`)
  const list = rules.length === 0 ? '' : `<ul class="terms">${rules.join('')}</ul>`
  const label = `<span class="label ${strength}">${labels[strength]}</span>`
  return `<section>${label}<h2>${number}. ${html(title)}</h2><p>${html(text)}</p>${list}</section>`
}

const partyHtml = ({ legalName, name, role, seat, domains = [], keys }: BodyParty): string => {
  const proved = domains.length === 0 ? '' : `, ${domains.map(html).join(', ')}`
  const shown = keys.map((key) => `<span class="hash">${html(key)}</span>`).join(' ')
  return `<tr><th>${html(role)}</th><td>${html(legalName)} (${html(name)}${proved}), ${html(seat)}</td><td>${shown}</td></tr>`
}

const signatureHtml = ({ legalName, person, title, at, keyid }: Printed['signatures'][number]) =>
  `<tr><th>${html(legalName)}</th><td>${html(person)}, ${html(title)}</td><td>${html(at)}</td><td class="hash">${html(keyid)}</td></tr>`

const factsOf = (body: AgreementBody): readonly (readonly [string, string])[] => [
  ['About', body.scope.repos.map(({ type, path }) => `${type} ${path}`).join(', ')],
  ['In force', `from ${body.from} to ${body.to ?? 'no end'} (UTC, exclusive)`],
  [
    'Text',
    `template ${body.template.id}, version ${body.template.version}${body.template.altered ? ', altered' : ''}`,
  ],
]

/** A whole HTML document without script and without anything from elsewhere. */
export const printedHtml = ({ body, sha256, state, signatures, at }: Printed): string => {
  const facts = factsOf(body).map(
    ([name, value]) => `<tr><th>${name}</th><td colspan="2">${html(value)}</td></tr>`,
  )
  const signed =
    signatures.length === 0
      ? '<p class="meta">Nobody has signed this version.</p>'
      : `<table class="signed">${signatures.map(signatureHtml).join('')}</table>`
  return `<!doctype html>
<html lang="${html(body.language)}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${html(body.title)}</title>
<style>${printStyle}</style>
</head>
<body>
<header><h1>${html(body.title)}</h1>
<p class="meta">Agreement ${html(body.agreement)}, version ${body.version}, ${html(state)}.
SHA-256 of what is signed: <span class="hash">${html(sha256)}</span></p></header>
<main>
<table>${body.parties.map(partyHtml).join('')}${facts.join('')}</table>
<div class="clauses">
${body.clauses.map((clause, i) => clauseHtml(body, clause, i + 1)).join('\n')}
</div>
${signed}
</main>
<footer>${legend} Printed ${html(at)}. This paper is a copy. The digest decides.</footer>
</body>
</html>
`
}
