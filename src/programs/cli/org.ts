import { OPERATOR } from '../../kit/audit/actor.js';
import { CreateOrgDto } from '../../tenancy/orgs/org.dto.js';
import { Org } from '../../tenancy/orgs/org.entity.js';
import { Orgs } from '../../tenancy/orgs/orgs.service.js';
import { Role } from '../../tenancy/orgs/role.entity.js';
import { Partner } from '../../tenancy/partners/partner.entity.js';
import { Partners } from '../../tenancy/partners/partners.service.js';
import { validated } from '../../core/validation/request.pipe.js';
import { defineCommand } from './command.js';
import { facts, table } from './text.js';

const PARTS = { services: [Orgs, Partners], entities: [Org, Role, Partner] };

export const orgCreate = defineCommand({
  name: 'org create',
  summary: 'Create an org, with or without a partner.',
  options: {
    name: { kind: 'text', placeholder: 'NAME', help: 'the name', isRequired: true },
    partner: { kind: 'text', placeholder: 'ID', help: 'the partner of the org; default: none' },
  },
  parts: PARTS,
  async run({ options, service }) {
    const dto = validated({ name: options.name }, CreateOrgDto);
    const partner = options.partner === undefined ? null : await (await service(Partners)).findOrThrow(options.partner);
    const org = view(await (await service(Orgs)).create(OPERATOR, partner?.id ?? null, dto));
    return { json: org, text: facts({ id: org.id, name: org.name, partner: partner?.name ?? 'none' }) };
  },
});

export const orgList = defineCommand({
  name: 'org list',
  summary: 'List the orgs, newest first, without archived ones.',
  options: {},
  parts: PARTS,
  async run({ service }) {
    const orgs = (await (await service(Orgs)).list()).map(view);
    const rows = orgs.map((org) => [org.id, org.partner_id ?? '-', org.external_id ?? '-', org.name]);
    const text = table(['ID', 'PARTNER', 'EXTERNAL ID', 'NAME'], rows, 'There are no orgs.');
    return { json: { items: orgs }, text };
  },
});

function view({ id, name, partner_id, external_id, widget_token, created_at }: Org) {
  return { id, name, partner_id, external_id, widget_token, created_at };
}
