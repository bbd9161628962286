/** What is counted, attested, given notice of and paused. */
import {
  agreed,
  type AgreementWorld,
  nowhere,
  one,
  refused,
  type Situation,
  type World,
} from './situation.ts'

const downloads = (most: number, used: number): World =>
  agreed({
    limits: [{ operand: 'downloadsTotal', operator: 'lteq', value: most }],
    used: { downloadsTotal: used },
  })

const trained = (attested: AgreementWorld['attested']): World =>
  agreed({
    limits: [{ operand: 'userTraining', operator: 'isAnyOf', value: ['HumanSubjects'] }],
    ...(attested === undefined ? {} : { attested }),
  })

export const byCount: readonly Situation[] = [
  one('downloads that are left', 'dora', downloads(100_000, 1), refused('ok')),
  one('more downloads than were agreed', 'dora', downloads(3, 4), refused('QUOTA_EXHAUSTED')),
  one('no downloads at all', 'dora', downloads(0, 0), refused('QUOTA_EXHAUSTED')),
  one(
    'more bytes than were agreed',
    'dora',
    agreed({
      limits: [{ operand: 'bytesTotal', operator: 'lteq', value: 1000 }],
      used: { bytesTotal: 1001 },
    }),
    refused('QUOTA_EXHAUSTED'),
  ),
  one('a certificate in force', 'dora', trained('given'), refused('ok')),
  one('a certificate whose time is over', 'dora', trained('over'), refused('TRAINING_EXPIRED')),
  one('a certificate that was taken back', 'dora', trained('ended'), refused('TRAINING_EXPIRED')),
  one(
    'a certificate for another project',
    'dora',
    trained('for another project'),
    refused('CONTEXT_MISSING'),
  ),
  one('notice was given, and is not over', 'dora', agreed({ notice: 3 }), refused('ok')),
  one('notice was given, and is over', 'dora', agreed({ notice: -1 }), nowhere('TERMINATED')),
  one(
    'suspended, and why is told',
    'dora',
    agreed({ life: 'suspended', reason: 'the audit is due' }),
    nowhere('SUSPENDED'),
  ),
]
