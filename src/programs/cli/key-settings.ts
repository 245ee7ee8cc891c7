import { Database } from '../../core/database/database.js';
import { IfMatch } from '../../core/http/if-match.js';
import { validated } from '../../core/validation/request.pipe.js';
import { OPERATOR } from '../../kit/audit/actor.js';
import { KEY_FORMATS, KEY_KINDS, KEY_TYPES } from '../../tenancy/api-keys/api-key.entity.js';
import { ApiKeys, type MintedKey } from '../../tenancy/api-keys/api-keys.service.js';
import { KeyChanges } from '../../tenancy/api-keys/key-changes.service.js';
import { CreatePartnerKeyDto, RotateApiKeyDto, UpdateApiKeyDto } from '../../tenancy/api-keys/key-settings.dto.js';
import { Orgs } from '../../tenancy/orgs/orgs.service.js';
import { type Answer, defineCommand } from './command.js';
import { UsageError } from './command-line.js';
import { findKeyOrThrow, findOrgKeyOrThrow } from './key-owner.js';
import { KEY_PARTS } from './key-parts.js';

const PARTS = { ...KEY_PARTS, services: [...KEY_PARTS.services, KeyChanges, Orgs] };

const SETTINGS = {
  description: { kind: 'text', placeholder: 'TEXT', help: 'what it is for' },
  scope: { kind: 'list', placeholder: 'SCOPE', help: 'what it may do' },
  'full-access': { kind: 'flag', help: 'let it do everything' },
  'allow-ip': { kind: 'list', placeholder: 'CIDR', help: 'allowed address; default: any' },
  'expires-at': { kind: 'text', placeholder: 'TIME', help: 'such as 2026-12-31T12:00:00Z; default: never' },
  'per-minute': { kind: 'text', placeholder: 'REQUESTS', help: 'its rate limit; default: that of its kind' },
  'per-hour': { kind: 'text', placeholder: 'REQUESTS', help: 'its rate limit; default: that of its kind' },
  tag: { kind: 'list', placeholder: 'TAG', help: 'a word to find it by' },
  metadata: { kind: 'list', placeholder: 'NAME=VALUE', help: 'a fact about it' },
  'external-id': { kind: 'text', placeholder: 'ID', help: 'your own id of it, unique in its org' },
} as const;

interface GivenSettings {
  readonly description: string | undefined;
  readonly scope: readonly string[] | undefined;
  readonly 'full-access': boolean;
  readonly 'allow-ip': readonly string[] | undefined;
  readonly 'expires-at': string | undefined;
  readonly 'per-minute': string | undefined;
  readonly 'per-hour': string | undefined;
  readonly tag: readonly string[] | undefined;
  readonly metadata: readonly string[] | undefined;
  readonly 'external-id': string | undefined;
}

export const keyCreate = defineCommand({
  name: 'key create',
  summary: 'Create a key of an org. It is shown once.',
  options: {
    org: { kind: 'text', placeholder: 'ID', help: 'whose', isRequired: true },
    name: { kind: 'text', placeholder: 'NAME', help: 'a label; otherwise "Default"' },
    kind: { kind: 'text', placeholder: 'KIND', help: 'one token, or a key and a secret', choices: KEY_KINDS },
    type: { kind: 'text', placeholder: 'TYPE', help: 'all but "standard" only post events', choices: KEY_TYPES },
    format: { kind: 'text', placeholder: 'FORMAT', help: 'of the token; default: opaque', choices: KEY_FORMATS },
    agent: { kind: 'text', placeholder: 'ID', help: 'the agent of a key with a secret' },
    'allow-origin': { kind: 'list', placeholder: 'ORIGIN', help: 'of a typed key: allowed website' },
    ...SETTINGS,
  },
  parts: PARTS,
  async run({ options, service }) {
    const { org: orgId, name, kind, type, format = 'opaque', agent: agent_id } = options;
    const isStandard = type === undefined || type === 'standard';
    const settings = settingsOf(options);
    // A key gets full access only by name.
    const access = isStandard ? (settings.access ?? 'scoped') : settings.access;
    const given = { ...settings, access, name, kind, type, format, agent_id, allowed_origins: options['allow-origin'] };
    const dto = validated(withoutAbsent(given), CreatePartnerKeyDto);
    const org = await (await service(Orgs)).findOrThrow(orgId);
    const minted = await (await service(ApiKeys)).createForOrg(OPERATOR, org.id, dto);
    return answerWithNew(minted, `Key ${minted.key.id} (${minted.key.name}) of org ${org.name}.`);
  },
});

const CLEARABLE = {
  description: null,
  allowed_ips: [],
  expires_at: null,
  rate_limit: null,
  tags: [],
  metadata: null,
  external_id: null,
} as const;

export const keyUpdate = defineCommand({
  name: 'key update',
  argument: 'ID',
  summary: 'Change a key of an org. Settings that are left out stay; lists are replaced, and metadata is merged.',
  options: {
    name: { kind: 'text', placeholder: 'NAME', help: 'a label' },
    ...SETTINGS,
    'remove-metadata': { kind: 'list', placeholder: 'NAME', help: 'the pair with that name' },
    clear: { kind: 'list', placeholder: 'FIELD', help: `set to its default: ${Object.keys(CLEARABLE).join(', ')}` },
    'if-revision': { kind: 'text', placeholder: 'NUMBER', help: 'refuse if it changed since that revision' },
  },
  parts: PARTS,
  async run({ argument, options, service }) {
    const database = await service(Database);
    const { org_id, id } = await findOrgKeyOrThrow(database, argument);
    const dto = validated(withoutAbsent(changeOf(options)), UpdateApiKeyDto);
    await (await service(KeyChanges)).update(OPERATOR, org_id, id, dto, ifRevision(options['if-revision']));
    const { revision } = await findKeyOrThrow(database, id);
    return { json: { api_key_id: id, revision }, text: `Key ${id} is at revision ${revision}.` };
  },
});

export const keyRotate = defineCommand({
  name: 'key rotate',
  argument: 'ID',
  summary: 'Replace the credential of a key of an org. The new one is shown once; the old one works for a while.',
  options: {
    'grace-seconds': { kind: 'text', placeholder: 'SECONDS', help: 'how long the old one works; default: a day' },
    'overlap-from': {
      kind: 'text',
      placeholder: 'START',
      help: 'what the seconds are counted from; default: now',
      choices: ['now', 'first_use'],
    },
  },
  parts: PARTS,
  async run({ argument, options, service }) {
    const { org_id, id } = await findOrgKeyOrThrow(await service(Database), argument);
    const given = { grace_seconds: numberIn(options['grace-seconds']), overlap_from: options['overlap-from'] };
    const dto = validated(withoutAbsent(given), RotateApiKeyDto);
    const minted = await (await service(KeyChanges)).rotate(OPERATOR, org_id, id, dto);
    return answerWithNew(minted, `Key ${id} (${minted.key.name}) has a new credential.`);
  },
});

function answerWithNew({ key, token, secret }: MintedKey, sentence: string): Answer {
  const shown = secret === undefined ? token : `${token}\n${secret}`;
  return {
    json: { api_key_id: key.id, api_key: token, ...(secret !== undefined && { api_secret: secret }) },
    text: `${sentence} It is not shown again:\n${shown}`,
  };
}

function settingsOf(options: GivenSettings) {
  const { description, scope: scopes, tag: tags, metadata } = options;
  const rates = { per_minute: numberIn(options['per-minute']), per_hour: numberIn(options['per-hour']) };
  return {
    ...{ description, scopes, tags, allowed_ips: options['allow-ip'], expires_at: options['expires-at'] },
    access: options['full-access'] ? 'full' : undefined,
    rate_limit: Object.values(rates).every((rate) => rate === undefined) ? undefined : withoutAbsent(rates),
    metadata: metadata && Object.fromEntries(metadata.map(pairIn)),
    external_id: options['external-id'],
  };
}

function changeOf(
  options: GivenSettings & {
    readonly name: string | undefined;
    readonly clear: readonly string[] | undefined;
    readonly 'remove-metadata': readonly string[] | undefined;
  },
) {
  const { metadata, ...settings } = settingsOf(options);
  const removed = options['remove-metadata']?.map((name) => [name, null] as const);
  const cleared = (options.clear ?? []).map((field) => {
    if (!Object.hasOwn(CLEARABLE, field)) {
      throw new UsageError(`--clear takes one of: ${Object.keys(CLEARABLE).join(', ')}`);
    }
    return [field, CLEARABLE[field as keyof typeof CLEARABLE]] as const;
  });
  return {
    ...settings,
    name: options.name,
    metadata: metadata || removed ? { ...metadata, ...Object.fromEntries(removed ?? []) } : undefined,
    ...Object.fromEntries(cleared),
  };
}

function pairIn(text: string): [name: string, value: string] {
  const equals = text.indexOf('=');
  if (equals < 1) throw new UsageError(`--metadata ${text} lacks a value: give NAME=VALUE`);
  return [text.slice(0, equals), text.slice(equals + 1)];
}

/** What is no number is left to the validation. */
function numberIn(text: string | undefined): unknown {
  return text !== undefined && /^\d{1,10}$/.test(text) ? Number(text) : text;
}

function ifRevision(text: string | undefined): IfMatch | undefined {
  return text === undefined ? undefined : IfMatch.parse(`"${text.replaceAll('"', '')}"`);
}

function withoutAbsent(fields: Readonly<Record<string, unknown>>): object {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
}
