import { OPERATOR } from '../../kit/audit/actor.js';
import { CreateOrgDto, UpdateOrgDto } from '../../tenancy/orgs/org.dto.js';
import { ON_EXPOSED, Org } from '../../tenancy/orgs/org.entity.js';
import { keyResponses } from '../../tenancy/orgs/org-view.dto.js';
import { Orgs } from '../../tenancy/orgs/orgs.service.js';
import { Role } from '../../tenancy/orgs/role.entity.js';
import { Partner } from '../../tenancy/partners/partner.entity.js';
import { Partners } from '../../tenancy/partners/partners.service.js';
import { rowId } from '../../core/wire/row-id.js';
import { validated } from '../../core/validation/request.pipe.js';
import { defineCommand } from './command.js';
import { UsageError } from './command-line.js';
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
    const rows = orgs.map(({ id, suspended_at, partner_id, external_id, name }) => {
      return [id, suspended_at === null ? 'active' : 'suspended', partner_id ?? '-', external_id ?? '-', name];
    });
    const text = table(['ID', 'STATE', 'PARTNER', 'EXTERNAL ID', 'NAME'], rows, 'There are no orgs.');
    return { json: { items: orgs }, text };
  },
});

const NOTICES = { kind: 'text', placeholder: 'CHOICE', choices: ['true', 'false'] } as const;

export const orgUpdate = defineCommand({
  name: 'org update',
  argument: 'ID',
  summary: 'Change what happens to the keys of an org. Settings that are left out stay.',
  options: {
    'expiry-notices': {
      ...NOTICES,
      help: 'whether its managers get a mail before keys expire or are suspended as idle',
    },
    'idle-notices': { ...NOTICES, help: 'whether they get a mail about keys without requests for 90 days' },
    'on-exposed': {
      kind: 'text',
      placeholder: 'ACTION',
      help: 'what a report does to a key that was found in public',
      choices: ON_EXPOSED,
    },
  },
  parts: PARTS,
  async run({ argument, options, service }) {
    const { 'expiry-notices': expiry, 'idle-notices': idle, 'on-exposed': on_exposed } = options;
    const given = { expiry_notices: booleanIn(expiry), idle_notices: booleanIn(idle), on_exposed };
    if (Object.values(given).every((value) => value === undefined)) {
      throw new UsageError('Give at least one option to change.');
    }
    const dto = validated(given, UpdateOrgDto);
    const org = view(await (await service(Orgs)).update(OPERATOR, rowId(argument), dto));
    const { expiry_notices, idle_notices } = org;
    const notices = { 'expiry notices': String(expiry_notices), 'idle notices': String(idle_notices) };
    return { json: org, text: facts({ id: org.id, name: org.name, ...notices, 'on exposed': org.on_exposed }) };
  },
});

export const orgSuspend = defineCommand({
  name: 'org suspend',
  argument: 'ID',
  summary: 'Refuse the keys, sessions and login links of an org until it is resumed. In force once the command ends.',
  options: {},
  parts: PARTS,
  async run({ argument, service }) {
    const org = await (await service(Orgs)).suspend(OPERATOR, rowId(argument), 'operator');
    return { json: view(org), text: `Org ${org.id} (${org.name}) is suspended.` };
  },
});

export const orgResume = defineCommand({
  name: 'org resume',
  argument: 'ID',
  summary: 'Admit the keys and sessions of a suspended org again, also if its partner suspended it.',
  options: {},
  parts: PARTS,
  async run({ argument, service }) {
    const org = await (await service(Orgs)).resume(OPERATOR, rowId(argument), 'operator');
    return { json: view(org), text: `Org ${org.id} (${org.name}) is active.` };
  },
});

function booleanIn(choice: string | undefined): boolean | undefined {
  return choice === undefined ? undefined : choice === 'true';
}

function view(org: Org) {
  const { id, name, partner_id, external_id, widget_token, created_at, suspended_at, suspended_by } = org;
  return {
    ...{ id, name, partner_id, external_id, widget_token, created_at, suspended_at, suspended_by },
    ...keyResponses(org),
  };
}
