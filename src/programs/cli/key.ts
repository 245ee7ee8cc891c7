import { instantAsText } from '../../core/database/row-as-json.js';
import { Database } from '../../core/database/database.js';
import { validated } from '../../core/validation/request.pipe.js';
import { OPERATOR } from '../../kit/audit/actor.js';
import { lastUsedSql } from '../../kit/usage/usage-sql.js';
import type { ApiKey } from '../../tenancy/api-keys/api-key.entity.js';
import { ApiKeys } from '../../tenancy/api-keys/api-keys.service.js';
import { LabelQuery } from '../../tenancy/api-keys/key-labels.dto.js';
import { keyStateOf, ownerOf } from '../../tenancy/api-keys/key-rows.js';
import { KEY_STATES } from '../../tenancy/api-keys/key-view.dto.js';
import { Orgs } from '../../tenancy/orgs/orgs.service.js';
import { defineCommand } from './command.js';
import { findKeyOrThrow } from './key-owner.js';
import { KEY_PARTS } from './key-parts.js';
import { answerWithKeys } from './listed-keys.js';
import { facts } from './text.js';

export const keyList = defineCommand({
  name: 'key list',
  summary: "List an org's keys, newest first.",
  options: {
    org: { kind: 'text', placeholder: 'ID', help: 'whose', isRequired: true },
    state: { kind: 'text', placeholder: 'STATE', help: 'only keys in that state', choices: KEY_STATES },
    tag: { kind: 'text', placeholder: 'TAG', help: 'only keys with that tag' },
    'external-id': { kind: 'text', placeholder: 'ID', help: 'only the keys that had or have that id' },
    metadata: { kind: 'text', placeholder: 'NAME:VALUE', help: 'only keys with that pair' },
  },
  parts: { ...KEY_PARTS, services: [...KEY_PARTS.services, Orgs] },
  async run({ options: { org: orgId, state, tag, metadata, ...others }, service }) {
    const labels = validated({ tag, metadata, external_id: others['external-id'] }, LabelQuery);
    const org = await (await service(Orgs)).findOrThrow(orgId);
    const keys = await (await service(ApiKeys)).list({ orgId: org.id }, labels);
    return answerWithKeys(keys.filter((key) => state === undefined || keyStateOf(key) === state));
  },
});

export const keyShow = defineCommand({
  name: 'key show',
  argument: 'ID',
  summary: 'Show a key of any owner, without its credential.',
  options: {},
  parts: KEY_PARTS,
  async run({ argument, service }) {
    const database = await service(Database);
    const key = await findKeyOrThrow(database, argument);
    return shownKey(key, await lastUseOf(database, key.id));
  },
});

export const keyRevoke = defineCommand({
  name: 'key revoke',
  argument: 'ID',
  summary: 'Revoke a key of any owner permanently. Once the command ends, every server refuses it.',
  options: {},
  parts: KEY_PARTS,
  async run({ argument, service }) {
    const key = await findKeyOrThrow(await service(Database), argument);
    await (await service(ApiKeys)).revoke(OPERATOR, ownerOf(key), key.id);
    return { json: { api_key_id: key.id, revoked: true }, text: `Key ${key.id} is revoked.` };
  },
});

async function lastUseOf(database: Database, id: string): Promise<string | null> {
  const sql = `SELECT ${instantAsText(lastUsedSql('$1::uuid'))} AS at`;
  return (await database.query(sql, [id])).rows[0]!['at'] as string | null;
}

function shownKey(key: ApiKey, lastUsedAt: string | null) {
  const { id, org_id, partner_id, service_id, name, description, kind, type, format, masked_key, scopes, agent_id } =
    key;
  const { allowed_ips, allowed_origins, rate_per_minute, rate_per_hour, metadata, tags, external_id, revision } = key;
  const { created_at, expires_at, suspended_at, suspension_reason, revoked_at } = key;
  const json = {
    ...{ api_key_id: id, org_id, partner_id, service_id, name, description, kind, type, format, masked_key },
    ...{ state: keyStateOf(key), scopes, agent_id, allowed_ips, allowed_origins, rate_per_minute, rate_per_hour },
    ...{ metadata, tags, external_id, revision, created_at, expires_at, suspended_at, suspension_reason, revoked_at },
    last_used_at: lastUsedAt,
  };
  const shown = Object.entries(json).flatMap(([field, value]) => {
    const text = field === 'scopes' && value === null ? accessOf(key) : shownValue(value);
    return text === '' ? [] : [[field, text]];
  });
  return { json, text: facts(Object.fromEntries(shown)) };
}

/** Of a key without scopes. */
function accessOf({ type }: ApiKey): string {
  return type === 'standard' ? 'full access' : '';
}

function shownValue(value: unknown): string {
  if (value === null || value === undefined) return '';
  if (value instanceof Date) return value.toISOString();
  if (Array.isArray(value)) return value.join(', ');
  if (typeof value !== 'object') return String(value);
  return Object.entries(value)
    .map(([name, text]) => `${name}=${text}`)
    .join(', ');
}
