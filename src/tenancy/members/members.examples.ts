import { defineExamples } from '../../core/wire/examples.js';
import { EXAMPLE_IDS as IDS } from '../../core/wire/example-ids.js';

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
  paths: { '/manage/v1/members/{user_id}': IDS.newUser },
  operations: {
    'manageMembers.add': {
      response: {
        user_id: IDS.newUser,
        email: 'jonas@harbourtours.example',
        name: 'Jonas Weber',
        role: { id: IDS.memberRole, name: 'Member' },
      },
    },
    'manageMembers.update': {
      response: { user_id: IDS.newUser, email: 'jonas@harbourtours.example', name: 'Jonas Weber' },
    },
  },
});
