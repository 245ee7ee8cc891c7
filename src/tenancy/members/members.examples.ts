import { defineExamples } from '../../core/wire/examples.js';
import { EXAMPLE_IDS as IDS } from '../../core/wire/example-ids.js';

const JONAS = { user_id: IDS.newUser, email: 'jonas@harbourtours.example', name: 'Jonas Weber' };
const LEA = { user_id: IDS.partnerMember, email: 'lea@harbourtours.example', name: 'Lea Brandt' };

export const memberExamples = defineExamples({
  schemas: {
    MemberView: { user_id: IDS.user, email: 'maya@harbourtours.example', name: 'Maya Okafor' },
    RoleView: { id: IDS.adminRole, name: 'Admin' },
    Roles: {
      data: [
        { id: IDS.ownerRole, name: 'Owner' },
        { id: IDS.adminRole, name: 'Admin' },
        { id: IDS.memberRole, name: 'Member' },
      ],
    },
    AddMemberDto: { email: 'jonas@harbourtours.example', name: 'Jonas Weber', role_id: IDS.memberRole },
    UpdateMemberDto: { role_id: IDS.adminRole },
  },
  paths: {
    '/manage/v1/members/{user_id}': IDS.newUser,
    '/partner/v1/orgs/{orgId}/members/{userId}': IDS.partnerMember,
  },
  operations: {
    'manageMembers.add': { response: { ...JONAS, role: { id: IDS.memberRole, name: 'Member' } } },
    'manageMembers.update': { response: JONAS },
    'partnerOrgMembers.add': {
      body: { email: LEA.email, name: LEA.name },
      response: { ...LEA, role: { id: IDS.memberRole, name: 'Member' } },
    },
    'partnerOrgMembers.update': { response: LEA },
  },
});
