/** A value that fits each field: for trying a template out. */
import { unreachable } from '../../kernel/errors.ts'
import type { Field } from './fields.ts'

const begin = '2026-01-01T00:00:00Z'
const end = '2026-01-02T00:00:00Z'

/** The default where there is one. */
export const sampleOf = (field: Field): unknown => {
  if ('default' in field && field.default !== undefined) return field.default
  switch (field.type) {
    case 'text':
      return 'Sample'.slice(0, field.charsMax)
    case 'count':
      return field.min
    case 'date':
      return field.after === undefined ? begin : end
    case 'duration':
      return field.min
    case 'countries':
      return ['DE']
    case 'purposes':
      return field.among.slice(0, 1)
    case 'party':
      return 'consumer'
    case 'money':
      return { amount: '1.00', currency: 'EUR' }
    case 'choice':
      return field.options.find(({ needs }) => needs === undefined)?.value
    case 'network':
      return '10.0.0.0/8'
    case 'timezone':
      return 'UTC'
    default:
      return unreachable(field)
  }
}
