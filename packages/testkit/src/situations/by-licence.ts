/** What licences of what a repo was made from stop. */
import { agreed, all, one, refused, type Situation, type World } from './situation.ts'

const conflict: World = { visibility: 'public', licence: { conflict: 'found' } }
const unknown: World = { licence: { unknown: 'found' } }

export const byLicence: readonly Situation[] = [
  one('a licence in conflict, nobody', 'nobody', conflict, [
    'ok',
    'LICENSE_CONFLICT',
    'NOT_SIGNED_IN',
  ]),
  one('a licence in conflict, a stranger', 'eve', conflict, refused('LICENSE_CONFLICT')),
  one('a licence in conflict, a reader of the owner', 'mel', conflict, refused('ok')),
  one('a licence in conflict, the owner', 'ann', conflict, all('ok')),
  one(
    'a licence in conflict, by agreement',
    'dora',
    agreed({}, { licence: { conflict: 'found' } }),
    refused('LICENSE_CONFLICT'),
  ),
  one(
    'a licence in conflict shows nobody what is hidden',
    'eve',
    { visibility: 'private', licence: { conflict: 'found' } },
    all('hidden'),
  ),
  one(
    'a licence in conflict that a steward has decided about',
    'eve',
    { visibility: 'public', licence: { conflict: 'decided' } },
    refused('ok'),
  ),
  one(
    'a licence that is not known, a stranger',
    'eve',
    { visibility: 'public', ...unknown },
    refused('ok'),
  ),
  one(
    'a licence that is not known, by agreement',
    'dora',
    agreed({}, unknown),
    refused('LICENSE_UNKNOWN'),
  ),
  one(
    'a licence that is not known and was decided about, by agreement',
    'dora',
    agreed({}, { licence: { unknown: 'decided' } }),
    refused('ok'),
  ),
  one(
    'a licence that is not known beside a conflict that was decided about, by agreement',
    'dora',
    agreed({}, { licence: { conflict: 'decided', unknown: 'found' } }),
    refused('LICENSE_UNKNOWN'),
  ),
  one(
    'a licence that gives no rights in Austria, where the clinic is',
    'dora',
    agreed({}, { licence: { excludes: 'AT' } }),
    refused('TERRITORY'),
  ),
  one(
    'a licence that gives no rights in Chile',
    'dora',
    agreed({}, { licence: { excludes: 'CL' } }),
    refused('ok'),
  ),
]
