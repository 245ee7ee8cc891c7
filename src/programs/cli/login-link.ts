import { ScopeCatalogue } from '../../access/scopes/scope-catalogue.service.js';
import { OPERATOR } from '../../kit/audit/actor.js';
import { CreateLoginLinkDto } from '../../tenancy/login-links/login-link.dto.js';
import { LoginLink } from '../../tenancy/login-links/login-link.entity.js';
import { LoginLinks } from '../../tenancy/login-links/login-links.service.js';
import { MemberChanges } from '../../tenancy/members/member-changes.service.js';
import { Member } from '../../tenancy/members/member.entity.js';
import { Members } from '../../tenancy/members/members.service.js';
import { User } from '../../tenancy/members/user.entity.js';
import { Org } from '../../tenancy/orgs/org.entity.js';
import { Orgs } from '../../tenancy/orgs/orgs.service.js';
import { Role } from '../../tenancy/orgs/role.entity.js';
import { Partner } from '../../tenancy/partners/partner.entity.js';
import { DeclaredServices } from '../../tenancy/services/declared-services.js';
import { Session } from '../../tenancy/sessions/session.entity.js';
import { Sessions } from '../../tenancy/sessions/sessions.service.js';
import { validated } from '../../core/validation/request.pipe.js';
import { rowId } from '../../core/wire/row-id.js';
import { defineCommand } from './command.js';

export const loginLinkCreate = defineCommand({
  name: 'login-link create',
  summary: 'Create a single-use link that signs a person in to an org within 15 minutes.',
  options: {
    org: { kind: 'text', placeholder: 'ID', help: 'where to', isRequired: true },
    email: { kind: 'text', placeholder: 'EMAIL', help: 'who', isRequired: true },
    name: {
      kind: 'text',
      placeholder: 'NAME',
      help: 'name of a new member; default: the local part of the e-mail address',
    },
    role: {
      kind: 'text',
      placeholder: 'ROLE',
      help: 'role of a new member; default: owner for the first of an org, then member',
      choices: ['owner', 'admin', 'member'],
    },
    path: { kind: 'text', placeholder: 'PATH', help: 'page of the dashboard that it opens, such as /keys/new' },
  },
  parts: {
    services: [LoginLinks, Orgs, Members, MemberChanges, ScopeCatalogue, DeclaredServices, Sessions],
    entities: [LoginLink, Org, Role, Partner, Member, User, Session],
  },
  async run({ options, service }) {
    const org = await (await service(Orgs)).findOrThrow(rowId(options.org));
    const roles = (await (await service(Members)).roles(org.id)).filter(
      ({ name }) => name.toLowerCase() === options.role,
    );
    const dto = validated(
      { email: options.email, name: options.name, role_ids: roles.map(({ id }) => id), path: options.path },
      CreateLoginLinkDto,
    );
    const link = await (await service(LoginLinks)).create(OPERATOR, org.id, dto);
    const until = link.expires_at.toISOString();
    return { json: link, text: `Single-use link for ${dto.email} to ${org.name}, valid until ${until}:\n${link.url}` };
  },
});
