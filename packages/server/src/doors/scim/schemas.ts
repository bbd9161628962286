/** What this hub keeps of people and groups, and what it offers (RFC 7643 §4, §5, §6, §7). */
import { limits } from '#core/kernel/limits.ts'
import { type Attribute, formatAttribute, type Json } from './attributes.ts'

export const urns = {
  user: 'urn:ietf:params:scim:schemas:core:2.0:User',
  group: 'urn:ietf:params:scim:schemas:core:2.0:Group',
  enterprise: 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User',
  list: 'urn:ietf:params:scim:api:messages:2.0:ListResponse',
  patch: 'urn:ietf:params:scim:api:messages:2.0:PatchOp',
  config: 'urn:ietf:params:scim:schemas:core:2.0:ServiceProviderConfig',
  resourceType: 'urn:ietf:params:scim:schemas:core:2.0:ResourceType',
  schema: 'urn:ietf:params:scim:schemas:core:2.0:Schema',
} as const

const text = (name: string, description: string): Attribute => ({
  name,
  type: 'string',
  description,
})

const several = (name: string, description: string, kinds: readonly string[]): Attribute => ({
  name,
  type: 'complex',
  multiValued: true,
  description,
  subAttributes: [
    text('value', 'The value itself.'),
    text('display', 'A name for people to read.'),
    {
      ...text('type', 'What kind it is.'),
      ...(kinds.length === 0 ? {} : { canonicalValues: kinds }),
    },
    { name: 'primary', type: 'boolean', description: 'The one that is used first.' },
  ],
})

export const externalId: Attribute = {
  ...text('externalId', 'What the directory calls it.'),
  caseExact: true,
}

export const userAttributes: readonly Attribute[] = [
  {
    ...text('userName', 'The name in the directory; the name of the account is made of it once.'),
    required: true,
    uniqueness: 'server',
  },
  {
    name: 'name',
    type: 'complex',
    description: 'The parts of the name.',
    subAttributes: [
      text('formatted', 'The whole name.'),
      text('familyName', 'The family name.'),
      text('givenName', 'The given name.'),
      text('middleName', 'The middle name.'),
      text('honorificPrefix', 'Before the name.'),
      text('honorificSuffix', 'After the name.'),
    ],
  },
  text('displayName', 'The name that others see.'),
  text('nickName', 'What friends say.'),
  {
    name: 'profileUrl',
    type: 'reference',
    referenceTypes: ['external'],
    description: 'A page about the person.',
  },
  text('title', 'The title, such as "Vice President".'),
  text('userType', 'Such as "Employee" or "Contractor".'),
  text('preferredLanguage', 'Languages, as in Accept-Language.'),
  text('locale', 'Such as "en-GB".'),
  text('timezone', 'Such as "Europe/Berlin".'),
  {
    name: 'active',
    type: 'boolean',
    required: true,
    description:
      'When false, every access has ended. It cannot be taken away; when it is absent, it stays.',
  },
  several('emails', 'Addresses; the primary one is written to.', ['work', 'home', 'other']),
  several('phoneNumbers', 'Telephone numbers.', ['work', 'home', 'mobile', 'fax', 'other']),
  {
    name: 'groups',
    type: 'complex',
    multiValued: true,
    mutability: 'readOnly',
    description: 'Groups of the directory that the person is in.',
    subAttributes: [
      { ...text('value', 'The id of the group.'), mutability: 'readOnly' },
      {
        name: '$ref',
        type: 'reference',
        referenceTypes: ['Group'],
        mutability: 'readOnly',
        description: 'Where the group is.',
      },
      { ...text('display', 'The name of the group.'), mutability: 'readOnly' },
      { ...text('type', 'Always "direct".'), mutability: 'readOnly' },
    ],
  },
  several(
    'roles',
    'The role in the organisation: maintainer, write, contributor, read or auditor. Others are kept and mean nothing here.',
    [],
  ),
]

export const enterpriseAttributes: readonly Attribute[] = [
  text('employeeNumber', 'The number of the employee.'),
  text('costCenter', 'The cost centre.'),
  text('organization', 'The organisation.'),
  text('division', 'The division.'),
  text('department', 'The department.'),
]

export const groupAttributes: readonly Attribute[] = [
  { ...text('displayName', 'The name; the team is named by it.'), required: true },
  {
    name: 'members',
    type: 'complex',
    multiValued: true,
    description: 'People of the directory; those who are not active are in the team once they are.',
    subAttributes: [
      { ...text('value', 'The id of the person.'), mutability: 'immutable' },
      {
        name: '$ref',
        type: 'reference',
        referenceTypes: ['User'],
        mutability: 'immutable',
        description: 'Where the person is.',
      },
      { ...text('type', 'Always "User".'), mutability: 'immutable', canonicalValues: ['User'] },
    ],
  },
]

interface Schema {
  readonly id: string
  readonly name: string
  readonly description: string
  readonly attributes: readonly Attribute[]
}

const schemas: readonly Schema[] = [
  { id: urns.user, name: 'User', description: 'A person.', attributes: userAttributes },
  { id: urns.group, name: 'Group', description: 'A team.', attributes: groupAttributes },
  {
    id: urns.enterprise,
    name: 'EnterpriseUser',
    description: 'What a company says of a person.',
    attributes: enterpriseAttributes,
  },
]

/** `base` is the URL of this organisation's SCIM, without a slash at the end. */
export const schemaResources = (base: string): Json[] =>
  schemas.map(({ id, name, description, attributes }) => ({
    schemas: [urns.schema],
    id,
    name,
    description,
    attributes: attributes.map(formatAttribute),
    meta: { resourceType: 'Schema', location: `${base}/Schemas/${id}` },
  }))

export const resourceTypes = (base: string): Json[] =>
  [
    {
      id: 'User',
      description: 'People of the organisation.',
      endpoint: '/Users',
      schema: urns.user,
      schemaExtensions: [{ schema: urns.enterprise, required: false }],
    },
    {
      id: 'Group',
      description: 'Teams that the directory made.',
      endpoint: '/Groups',
      schema: urns.group,
    },
  ].map((one) => ({
    schemas: [urns.resourceType],
    name: one.id,
    ...one,
    meta: { resourceType: 'ResourceType', location: `${base}/ResourceTypes/${one.id}` },
  }))

export const serviceProviderConfig = (base: string): Json => ({
  schemas: [urns.config],
  patch: { supported: true },
  bulk: { supported: false, maxOperations: 0, maxPayloadSize: 0 },
  filter: { supported: true, maxResults: limits.scimPageMax },
  changePassword: { supported: false },
  sort: { supported: false },
  etag: { supported: true },
  authenticationSchemes: [
    {
      type: 'oauthbearertoken',
      name: 'Bearer token',
      description:
        'A token that may manage the organisation: of a service account with the role admin, fine-grained with org.write.',
      specUri: 'https://www.rfc-editor.org/rfc/rfc6750',
      primary: true,
    },
  ],
  meta: { resourceType: 'ServiceProviderConfig', location: `${base}/ServiceProviderConfig` },
})
