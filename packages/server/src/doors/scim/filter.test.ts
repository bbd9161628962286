/** Filters as identity providers send them. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { fits, parseFilter } from './filter.ts'

const bjensen = {
  userName: 'bjensen',
  active: true,
  name: { familyName: "O'Malley" },
  emails: [
    { type: 'work', value: 'b@example.com', primary: true },
    { type: 'home', value: 'b@example.net' },
  ],
  meta: { lastModified: '2011-05-13T04:42:34Z' },
}

const says = (filter: string): boolean => fits(bjensen, parseFilter(filter))

// Examples of RFC 7644, figure 1, and what must not hold.
const cases: readonly [filter: string, holds: boolean][] = [
  ['userName eq "bjensen"', true],
  ['USERNAME Eq "BJensen"', true],
  ['userName eq "jsmith"', false],
  ['name.familyName co "O\'Malley"', true],
  ['userName sw "b"', true],
  ['urn:ietf:params:scim:schemas:core:2.0:User:userName sw "J"', false],
  ['title pr', false],
  ['meta.lastModified gt "2011-05-13T04:42:33Z"', true],
  ['title pr or userName pr', true],
  ['emails[type eq "work" and value co "@example.com"]', true],
  ['emails[type eq "home" and value co "@example.com"]', false],
  ['emails.value eq "b@example.net"', true],
  ['not (userName eq "bjensen")', false],
  ['userName eq "x" or active eq true and emails pr', true],
  ['(userName eq "x" or active eq true) and emails.type eq "fax"', false],
  ['active eq True', true],
  ['externalId ne "1"', true],
]

for (const [filter, holds] of cases) {
  void test(`filter: ${filter}`, () => assert.equal(says(filter), holds))
}

void test('what is no filter is refused with its reason', () => {
  for (const text of [
    '',
    'userName',
    'userName eq',
    'userName eq bjensen',
    'userName is "x"',
    '(userName eq "x"',
    'userName eq "x" userName',
    'userName eq "x',
    'emails[type eq "x"',
    `${'('.repeat(50)}a pr${')'.repeat(50)}`,
    `a eq "${'x'.repeat(5000)}"`,
  ]) {
    assert.throws(() => parseFilter(text), { code: 'invalid' }, text.slice(0, 40))
  }
})
