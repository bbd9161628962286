/** What directories send, as published: RFC 7644, Microsoft's "Develop a SCIM endpoint", Okta's "SCIM 2.0 protocol reference". */

const core = 'urn:ietf:params:scim:schemas:core:2.0'
const patchOp = 'urn:ietf:params:scim:api:messages:2.0:PatchOp'
export const enterprise = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User'

/** RFC 7644 §3.3. */
export const rfcCreate = {
  schemas: [`${core}:User`],
  userName: 'bjensen',
  externalId: 'bjensen',
  name: {
    formatted: 'Ms. Barbara J Jensen III',
    familyName: 'Jensen',
    givenName: 'Barbara',
  },
}

/** RFC 7644 §3.5.1. */
export const rfcReplace = {
  schemas: [`${core}:User`],
  id: '2819c223-7f76-453a-919d-413861904646',
  userName: 'bjensen',
  externalId: 'bjensen',
  name: {
    formatted: 'Ms. Barbara J Jensen III',
    familyName: 'Jensen',
    givenName: 'Barbara',
    middleName: 'Jane',
  },
  roles: [],
  emails: [{ value: 'bjensen@example.com' }, { value: 'babs@jensen.org' }],
}

/** RFC 7644 §3.5.2.1: emails and a nickname without a path. */
export const rfcAdd = {
  schemas: [patchOp],
  Operations: [
    {
      op: 'add',
      value: {
        emails: [{ value: 'babs@jensen.org', type: 'home' }],
        nickname: 'Babs',
      },
    },
  ],
}

/** RFC 7644 §3.5.2.1: one member. */
export const rfcAddMember = (id: string) => ({
  schemas: [patchOp],
  Operations: [
    {
      op: 'add',
      path: 'members',
      value: [
        {
          display: 'Babs Jensen',
          $ref: `https://example.com/v2/Users/${id}`,
          value: id,
        },
      ],
    },
  ],
})

/** RFC 7644 §3.5.2.2: one member goes, another comes. */
export const rfcSwapMembers = (out: string, into: string) => ({
  schemas: [patchOp],
  Operations: [
    { op: 'remove', path: `members[value eq "${out}"]` },
    { op: 'add', path: 'members', value: [{ display: 'James Smith', value: into }] },
  ],
})

/** RFC 7644 §3.5.2.2. */
export const rfcRemoveAllMembers = {
  schemas: [patchOp],
  Operations: [{ op: 'remove', path: 'members' }],
}

/** Microsoft: Create User. */
export const entraCreate = {
  schemas: [`${core}:User`, enterprise],
  externalId: '0a21f0f2-8d2a-4f8e-bf98-7363c4aed4ef',
  userName: 'Test_User_ab6490ee-1e48-479e-a20b-2d77186b5dd1',
  active: true,
  emails: [
    {
      primary: true,
      type: 'work',
      value: 'Test_User_fd0ea19b-0777-472c-9f96-4f70d2226f2e@testuser.com',
    },
  ],
  meta: { resourceType: 'User' },
  name: { formatted: 'givenName familyName', familyName: 'familyName', givenName: 'givenName' },
  roles: [],
}

/** Microsoft: Update User [Multi-valued properties]. */
export const entraUpdateMulti = {
  schemas: [patchOp],
  Operations: [
    {
      op: 'Replace',
      path: 'emails[type eq "work"].value',
      value: 'updatedEmail@microsoft.com',
    },
    { op: 'Replace', path: 'name.familyName', value: 'updatedFamilyName' },
  ],
}

/** Microsoft: Update User [Single-valued properties]. */
export const entraUpdateSingle = {
  schemas: [patchOp],
  Operations: [
    {
      op: 'Replace',
      path: 'userName',
      value: '5b50642d-79fc-4410-9e90-4c077cdd1a59@testuser.com',
    },
  ],
}

/** Microsoft: Disable User; with the text that tenants without the newer flag send. */
export const entraDisable = {
  Operations: [{ op: 'Replace', path: 'active', value: 'False' }],
  schemas: [patchOp],
}

/** Microsoft: paths as names of members, the extension among them. */
export const entraNamedPaths = {
  schemas: [patchOp],
  Operations: [
    {
      op: 'Add',
      value: {
        displayName: 'Bjfe',
        'name.givenName': 'Bjfe',
        'name.familyName': 'Kelly',
        [`${enterprise}:department`]: 'Research',
      },
    },
  ],
}

/** Microsoft: Create Group. */
export const entraGroup = {
  schemas: [
    `${core}:Group`,
    'http://schemas.microsoft.com/2006/11/ResourceManagement/ADSCIM/2.0/Group',
  ],
  externalId: '8aa1a0c0-c4c3-4bc0-b4a5-2ef676900159',
  displayName: 'displayName',
  meta: { resourceType: 'Group' },
}

/** Microsoft: Update Group [Add Members]. */
export const entraAddMember = (id: string) => ({
  schemas: [patchOp],
  Operations: [{ op: 'Add', path: 'members', value: [{ $ref: null, value: id }] }],
})

/** Microsoft: Update Group [Remove Members]. */
export const entraRemoveMember = (id: string) => ({
  schemas: [patchOp],
  Operations: [{ op: 'Remove', path: 'members', value: [{ $ref: null, value: id }] }],
})

/** Microsoft: Update Group [Non-member attributes]. */
export const entraRenameGroup = {
  schemas: [patchOp],
  Operations: [
    {
      op: 'Replace',
      path: 'displayName',
      value: '1879db59-3bdf-4490-ad68-ab880a269474updatedDisplayName',
    },
  ],
}

/** Okta: Create User. */
export const oktaCreate = {
  schemas: [`${core}:User`],
  userName: 'test.user@okta.local',
  name: { givenName: 'Test', familyName: 'User' },
  emails: [{ primary: true, value: 'test.user@okta.local', type: 'work' }],
  displayName: 'Test User',
  locale: 'en-US',
  externalId: '00ujl29u0le5T6Aj10h7',
  groups: [],
  password: '1mz050nq',
  active: true,
}

/** Okta: deactivation. */
export const oktaDeactivate = {
  schemas: [patchOp],
  Operations: [{ op: 'replace', value: { active: false } }],
}

/** Okta: a group is renamed without a path, its id inside. */
export const oktaRenameGroup = (id: string) => ({
  schemas: [patchOp],
  Operations: [{ op: 'replace', value: { id, displayName: 'Test SCIMv2 renamed' } }],
})

/** Okta: members of a group in one call. */
export const oktaMembers = (out: string, into: string) => ({
  schemas: [patchOp],
  Operations: [
    { op: 'remove', path: `members[value eq "${out}"]` },
    { op: 'add', path: 'members', value: [{ value: into, display: 'test.user@okta.local' }] },
  ],
})
