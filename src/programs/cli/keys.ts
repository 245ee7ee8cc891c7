import { OPERATOR } from '../../kit/audit/actor.js';
import { rowId } from '../../core/wire/row-id.js';
import { validated } from '../../core/validation/request.pipe.js';
import { BulkKeyChanges } from '../../tenancy/api-keys/bulk/bulk-key-changes.service.js';
import {
  BULK_ACTIONS,
  type BulkChange,
  KeyFilterDto,
  RevokeKeysOfDto,
  UpdateApiKeysDto,
} from '../../tenancy/api-keys/bulk/bulk-keys.dto.js';
import { KeyRevocations } from '../../tenancy/api-keys/bulk/key-revocations.service.js';
import { Orgs } from '../../tenancy/orgs/orgs.service.js';
import { Partners } from '../../tenancy/partners/partners.service.js';
import { Role } from '../../tenancy/orgs/role.entity.js';
import { type Answer, defineCommand } from './command.js';
import { UsageError } from './command-line.js';
import { KEY_PARTS } from './key-parts.js';
import { table } from './text.js';

const PARTS = {
  services: [...KEY_PARTS.services, BulkKeyChanges, KeyRevocations, Orgs, Partners],
  entities: [...KEY_PARTS.entities, Role],
};
const DRY_RUN = { kind: 'flag', help: 'print what would change, and change nothing' } as const;

export const keysBulk = defineCommand({
  name: 'keys bulk',
  summary: 'Suspend, resume, revoke or limit the keys of an org that meet every condition given.',
  options: {
    org: { kind: 'text', placeholder: 'ID', help: 'whose', isRequired: true },
    action: { kind: 'text', placeholder: 'ACTION', help: 'what to do', isRequired: true, choices: BULK_ACTIONS },
    'expires-at': { kind: 'text', placeholder: 'TIME', help: 'with set_expiry: the new expiry, or "never"' },
    tag: { kind: 'text', placeholder: 'TAG', help: 'keys with the tag' },
    creator: { kind: 'text', placeholder: 'ID', help: 'keys that this user or partner created' },
    scope: { kind: 'text', placeholder: 'SCOPE', help: 'keys that were granted the scope by name' },
    'idle-since': { kind: 'text', placeholder: 'TIME', help: 'keys without requests since then' },
    'expires-before': { kind: 'text', placeholder: 'TIME', help: 'keys with an expiry before then' },
    service: { kind: 'text', placeholder: 'SLUG', help: 'keys with a scope of the service' },
    id: { kind: 'list', placeholder: 'ID', help: 'keys with these ids' },
    'dry-run': DRY_RUN,
  },
  parts: PARTS,
  async run({ options, service }) {
    const { org, action, 'expires-at': expiresAt, 'dry-run': dry_run } = options;
    const { 'idle-since': idle_since, 'expires-before': expires_before, id: ids, tag, creator, scope } = options;
    const given = { tag, creator, scope, idle_since, expires_before, service: options.service, ids };
    const filter = validated(given, KeyFilterDto);
    const expires_at = expiresAt === 'never' ? null : expiresAt;
    const dto = validated({ filter, action, expires_at, dry_run }, UpdateApiKeysDto);
    const { id } = await (await service(Orgs)).findOrThrow(rowId(org));
    return answerOf(await (await service(BulkKeyChanges)).change(OPERATOR, id, dto));
  },
});

export const keysRevokeAll = defineCommand({
  name: 'keys revoke-all',
  summary: 'Revoke all keys of an org, of a partner with its orgs, or of all partners and orgs. In force once it ends.',
  options: {
    org: { kind: 'text', placeholder: 'ID', help: 'the keys of this org' },
    partner: { kind: 'text', placeholder: 'ID', help: 'the keys of this partner and of its orgs' },
    everything: { kind: 'flag', help: 'all keys but those of services and of the operator' },
    'dry-run': DRY_RUN,
  },
  parts: PARTS,
  async run({ options: { org, partner, everything, 'dry-run': dry_run }, service }) {
    if ([org, partner, everything || undefined].filter((value) => value !== undefined).length !== 1) {
      throw new UsageError('give one of --org, --partner and --everything');
    }
    const given = { org_id: org, partner_id: partner, dry_run, ...(everything && { everything: true }) };
    return answerOf(await (await service(KeyRevocations)).revokeAll(OPERATOR, validated(given, RevokeKeysOfDto)));
  },
});

function answerOf(change: BulkChange): Answer {
  const { matched, changed, sample, dry_run } = change;
  const rows = sample.map(({ id, state, masked_key, name }) => [id, state, masked_key, name]);
  const sentence = dry_run
    ? `${changed} of ${matched} keys would be changed. Nothing is changed, because of --dry-run.`
    : `${changed} of ${matched} keys are changed.`;
  const lines = rows.length === 0 ? [] : [table(['ID', 'STATE', 'KEY', 'NAME'], rows, ''), ''];
  return { json: change, text: [...lines, sentence].join('\n') };
}
