/** With whom, and who gives what. */
import { useQuery } from '@tanstack/react-query'
import { hub } from '../../app/api.ts'
import { Field } from '../../parts/Field.tsx'
import { Segmented } from '../../parts/Segmented.tsx'

export type Side = 'give' | 'receive' | 'members'

const sides = [
  { value: 'give', label: 'We give, they receive' },
  { value: 'receive', label: 'They give, we receive' },
  { value: 'members', label: 'All give and receive' },
] as const

/** Roles as the hub calls them: ours first, theirs second. */
export const rolesOf: Readonly<
  Record<Side, readonly ['provider' | 'consumer' | 'member', 'provider' | 'consumer' | 'member']>
> = {
  give: ['provider', 'consumer'],
  receive: ['consumer', 'provider'],
  members: ['member', 'member'],
}

interface PartnersProps {
  readonly org: string
  readonly partners: string
  readonly side: Side
  readonly error: string | undefined
  readonly onPartners: (partners: string) => void
  readonly onSide: (side: Side) => void
}

/** Names with commas. */
export const partnersIn = (text: string): string[] =>
  text
    .split(',')
    .map((one) => one.trim())
    .filter((one) => one !== '')

export const Partners = ({ org, partners, side, error, onPartners, onSide }: PartnersProps) => {
  const known = useQuery({
    queryKey: ['orgs', 'names'],
    queryFn: () => hub.listOrgs({ limit: 200 }),
    retry: false,
  }).data
  return (
    <div className="flex flex-col gap-4">
      <Field
        label="Partner"
        name="partner"
        value={partners}
        list="orgs"
        autoComplete="off"
        spellCheck={false}
        error={error}
        help="The name of an organisation of this hub; several with commas."
        onChange={({ target }) => onPartners(target.value)}
      />
      <datalist id="orgs">
        {known?.items
          .filter(({ name }) => name !== org)
          .map(({ name }) => (
            <option key={name}>{name}</option>
          ))}
      </datalist>
      <div className="overflow-x-auto p-px [scrollbar-width:none]">
        <Segmented label="Who gives" options={sides} value={side} onChange={onSide} />
      </div>
    </div>
  )
}
