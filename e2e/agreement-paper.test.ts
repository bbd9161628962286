/** A version of an agreement on paper: what a lawyer reads fits two pages. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { templates } from '@weighhouse/server/core/agreements/templates/index.ts'
import { sampleOf } from '@weighhouse/server/core/agreements/templates/samples.ts'
import { fill } from '@weighhouse/server/core/agreements/templates/template.ts'
import { parseBody } from '@weighhouse/formats/agreement/body.ts'
import { printedHtml } from '@weighhouse/formats/agreement/print.ts'
import { openSite, shoot } from './kit/site.ts'

const party = (name: string, role: string) => ({
  org: `${name}-id`,
  name,
  role,
  legalName: `${name} University Hospital Research Foundation e.V.`,
  seat: 'DE',
  domains: [`${name}.example`],
  keys: ['kO2vYQqZc0Xo3yqvQ7bL1mVd8rR5tGhJ4nUwEiSaPf8'],
})

/** Words as long as people write them, where there is no default. */
const valueOf = (field: (typeof templates)[number]['fields'][number]): unknown =>
  field.type === 'text' && !('default' in field)
    ? 'Legal department, legal@north-lab.example'
    : sampleOf(field)

const signature = {
  legalName: 'north-lab University Hospital Research Foundation e.V.',
  person: 'Head of Research',
  title: 'Managing Director',
  at: '2026-01-01T10:00:00.000Z',
  keyid: 'a1'.repeat(32),
}

void test('each template, filled and signed by both, fits two pages of A4 and of Letter', async () => {
  await using site = await openSite()
  const { page } = site
  for (const template of templates) {
    const wish = fill(
      template,
      Object.fromEntries(template.fields.map((field) => [field.id, valueOf(field)])),
    )
    const body = parseBody({
      ...wish,
      format: 'weighhouse.agreement.v1',
      agreement: '01HZX3J4K5M6N7P8Q9R0S1T2V3',
      version: 2,
      supersedes: null,
      parties: [party('north-lab', 'provider'), party('clinic', 'consumer')],
      scope: { repos: [{ id: 'r1', type: 'model', path: 'north-lab/report-triage' }] },
    })
    const at = '2026-01-01T12:00:00.000Z'
    const sha256 = 'b2'.repeat(32)
    await page.setContent(
      printedHtml({ body, sha256, state: 'active', signatures: [signature, signature], at }),
    )
    if (template.id === 'research') await shoot(page, 'agreement-paper')
    for (const format of ['A4', 'Letter']) {
      const pdf = await page.pdf({ format, preferCSSPageSize: format === 'A4' })
      const pages = pdf.toString('latin1').match(/\/Type\s*\/Page\b/g)?.length ?? 0
      assert.ok(pages >= 1 && pages <= 2, `${template.id} takes ${pages} pages of ${format}`)
    }
  }
})
