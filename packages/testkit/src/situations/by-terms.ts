/** Situations of terms, of several agreements, and of rules that an organisation has for its people. */
import { agreed, all, nowhere, one, refused, type Situation } from './situation.ts'

const research = { operand: 'purpose', operator: 'isA', value: 'NonCommercialResearch' } as const
const inEu = { operand: 'spatial', operator: 'isAnyOf', value: ['EU'] } as const
const inChile = { operand: 'spatial', operator: 'isAnyOf', value: ['CL'] } as const
const dated = (operator: 'lt' | 'gteq', value: string) =>
  ({ operand: 'dateTime', operator, value }) as const
const rail = (value: readonly string[], operator: 'isAnyOf' | 'isNoneOf' = 'isAnyOf') => [
  {
    id: 'rail',
    clause: '1',
    action: 'use' as const,
    constraints: [{ operand: 'purpose', operator, value } as const],
  },
]
const payment = [{ name: 'compensate', detail: 'EUR 100' }] as const

export const byTerms: readonly Situation[] = [
  // Terms.
  one(
    'a purpose that is meant',
    'dora',
    agreed({ limits: [research], purposes: ['NonCommercialResearch'] }),
    refused('ok'),
  ),
  one(
    'a purpose that is a case of it',
    'dora',
    agreed({ limits: [research], purposes: ['duo:0000006'] }),
    refused('ok'),
  ),
  one(
    'another purpose',
    'dora',
    agreed({ limits: [research], purposes: ['Commercial'] }),
    refused('CONSTRAINT_UNSATISFIED'),
  ),
  one(
    'two purposes that are meant',
    'dora',
    agreed({ limits: [research], purposes: ['NonCommercialResearch', 'duo:0000006'] }),
    refused('ok'),
  ),
  one(
    'two purposes, one of them not meant',
    'dora',
    agreed({ limits: [research], purposes: ['NonCommercialResearch', 'Commercial'] }),
    refused('CONSTRAINT_UNSATISFIED'),
  ),
  one(
    'two purposes, where all but one are forbidden',
    'dora',
    agreed({
      prohibitions: rail(['NonCommercialResearch'], 'isNoneOf'),
      purposes: ['NonCommercialResearch', 'Commercial'],
    }),
    nowhere('PROHIBITED'),
  ),
  one('no purpose', 'dora', agreed({ limits: [research] }), refused('CONTEXT_MISSING')),
  one('a seat within', 'dora', agreed({ limits: [inEu] }), refused('ok')),
  one('a seat without', 'dora', agreed({ limits: [inChile] }), refused('TERRITORY')),
  one(
    'a permission that has ended',
    'dora',
    agreed({ limits: [dated('lt', '2025-01-01T00:00:00Z')] }),
    refused('EXPIRED'),
  ),
  one(
    'a permission that has not begun',
    'dora',
    agreed({ limits: [dated('gteq', '2031-01-01T00:00:00Z')] }),
    refused('NOT_YET_EFFECTIVE'),
  ),
  one(
    'a certificate that nobody has shown',
    'dora',
    agreed({
      limits: [{ operand: 'userTraining', operator: 'isAnyOf', value: ['HumanSubjects'] }],
    }),
    refused('CONTEXT_MISSING'),
  ),
  one(
    'an environment that is meant',
    'dora',
    agreed({
      limits: [{ operand: 'environment', operator: 'eq', value: 'Production' }],
      environment: 'Production',
    }),
    refused('ok'),
  ),
  one(
    'another environment',
    'dora',
    agreed({
      limits: [{ operand: 'environment', operator: 'eq', value: 'Production' }],
      environment: 'Test',
    }),
    refused('CONSTRAINT_UNSATISFIED'),
  ),
  one('a payment that is due', 'dora', agreed({ preconditions: payment }), [
    'ok',
    'DUTY_UNFULFILLED',
    'ROLE_TOO_LOW',
  ]),
  one('a payment that was noted', 'dora', agreed({ preconditions: payment, isDone: true }), [
    'ok',
    'ok',
    'ROLE_TOO_LOW',
  ]),
  one(
    'a purpose that is forbidden',
    'dora',
    agreed({
      prohibitions: rail(['RailMedicalAdvice']),
      purposes: ['RailMedicalAdvice'],
    }),
    nowhere('PROHIBITED'),
  ),
  one(
    'restrictions that were not accepted',
    'dora',
    agreed({ prohibitions: rail(['RailMedicalAdvice']) }),
    nowhere('USER_ASSENT_REQUIRED'),
  ),
  one(
    'restrictions that were accepted',
    'dora',
    agreed({ prohibitions: rail(['RailMedicalAdvice']), hasAccepted: true }),
    refused('ok'),
  ),
  one(
    'a download without a view: who may download may see',
    'dora',
    agreed({ seesNothing: true }),
    refused('ok'),
  ),

  one(
    'a download without a view, for another purpose',
    'dora',
    agreed({ seesNothing: true, limits: [research], purposes: ['Commercial'] }),
    nowhere('CONSTRAINT_UNSATISFIED'),
  ),

  // Several agreements: permissions add up, and the nearest refusal is told.
  one(
    'suspended, and another that permits',
    'dora',
    {
      visibility: 'private',
      agreements: [{ life: 'suspended', grant: 'dora' }, { grant: 'dora' }],
    },
    refused('ok'),
  ),
  one(
    'expired, and another without a grant',
    'dora',
    {
      visibility: 'private',
      agreements: [{ from: -9, to: -1, grant: 'dora' }, { grant: 'someone else' }],
    },
    nowhere('GRANT_MISSING'),
  ),

  // The rules of the asker's own organisation.
  one(
    'agreed, and the clinic takes no pickle',
    'dora',
    agreed(
      {},
      {
        rules: { formats_denied: ['pickle'] },
      },
    ),
    refused('ok'),
  ),
  one(
    'public, and the clinic takes no safetensors',
    'dora',
    {
      visibility: 'public',
      rules: { formats_denied: ['safetensors'] },
    },
    refused('ORG_POLICY'),
  ),
  one(
    'agreed, and the clinic takes no safetensors',
    'dora',
    agreed(
      {},
      {
        rules: { formats_denied: ['safetensors'] },
      },
    ),
    refused('ORG_POLICY'),
  ),
  one(
    'the clinic takes what is licensed, and this is not',
    'dora',
    {
      visibility: 'public',
      rules: { licences_allowed: ['mit'] },
    },
    refused('ORG_POLICY'),
  ),
  one(
    'the clinic takes from Germany',
    'dora',
    {
      visibility: 'public',
      rules: { countries_allowed: ['DE'] },
    },
    refused('ok'),
  ),
  one(
    'the clinic takes from Chile alone',
    'dora',
    {
      visibility: 'public',
      rules: { countries_allowed: ['CL'] },
    },
    refused('ORG_POLICY'),
  ),
  one(
    'a rule of the clinic, a program of it',
    'robot',
    {
      visibility: 'public',
      rules: { countries_allowed: ['CL'] },
    },
    refused('ORG_POLICY'),
  ),
  one(
    'a rule of the clinic, a stranger',
    'eve',
    {
      visibility: 'public',
      rules: { countries_allowed: ['CL'] },
    },
    refused('ok'),
  ),
  one(
    'a rule of the clinic reveals nothing',
    'dora',
    {
      visibility: 'private',
      rules: { countries_allowed: ['CL'] },
    },
    all('hidden'),
  ),
  one(
    'a rule of the clinic under a hold',
    'dora',
    agreed(
      {},
      {
        hold: 'quarantine',
        rules: { countries_allowed: ['CL'] },
      },
    ),
    ['ok', 'QUARANTINE', 'QUARANTINE'],
  ),
]
