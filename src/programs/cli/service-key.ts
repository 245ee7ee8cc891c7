import { IsNull, Not } from 'typeorm';
import { OPERATOR } from '../../kit/audit/actor.js';
import { Database } from '../../core/database/database.js';
import { notFound } from '../../core/errors/core-errors.js';
import { validated } from '../../core/validation/request.pipe.js';
import { rowId } from '../../core/wire/row-id.js';
import { Services } from '../../gateway/services/services.service.js';
import { ApiKey } from '../../tenancy/api-keys/api-key.entity.js';
import { ApiKeys } from '../../tenancy/api-keys/api-keys.service.js';
import { CreatePartnerKeyDto } from '../../tenancy/api-keys/key-settings.dto.js';
import { defineCommand } from './command.js';
import { KEY_PARTS } from './key-parts.js';
import { answerWithKeys } from './listed-keys.js';

const PARTS = { ...KEY_PARTS, services: [...KEY_PARTS.services, Services] };
const SERVICE = { kind: 'text', placeholder: 'SLUG', help: 'whose', isRequired: true } as const;

export const serviceKeyCreate = defineCommand({
  name: 'service key create',
  summary: 'Create a key with which a service asks whether its callers may pass. It is shown once.',
  options: { service: SERVICE, name: { kind: 'text', placeholder: 'NAME', help: 'a label; otherwise "Default"' } },
  parts: PARTS,
  async run({ options, service }) {
    const { name } = validated({ name: options.name }, CreatePartnerKeyDto);
    const { row } = await (await service(Services)).read(options.service);
    const { key, token } = await (await service(ApiKeys)).createForService(OPERATOR, row.id, name ?? undefined);
    return {
      json: { api_key_id: key.id, api_key: token },
      text: `Key ${key.id} (${key.name}) of service ${row.slug}. It is not shown again:\n${token}`,
    };
  },
});

export const serviceKeyList = defineCommand({
  name: 'service key list',
  summary: "List a service's keys, newest first, including revoked ones.",
  options: { service: SERVICE },
  parts: PARTS,
  async run({ options, service }) {
    const { row } = await (await service(Services)).read(options.service);
    return answerWithKeys(await (await service(ApiKeys)).list({ serviceId: row.id }));
  },
});

export const serviceKeyRevoke = defineCommand({
  name: 'service key revoke',
  argument: 'ID',
  summary: 'Revoke a key permanently. Once the command ends, every server refuses it.',
  options: {},
  parts: PARTS,
  async run({ argument, service }) {
    const serviceId = await serviceOf(await service(Database), argument);
    await (await service(ApiKeys)).revoke(OPERATOR, { serviceId }, argument);
    return { json: { api_key_id: argument, revoked: true }, text: `Key ${argument} is revoked.` };
  },
});

/** Finds only keys of services. */
async function serviceOf({ dataSource }: Database, keyId: string): Promise<string> {
  const key = await dataSource.manager.findOneBy(ApiKey, { id: rowId(keyId), service_id: Not(IsNull()) });
  if (!key) throw notFound('API key');
  return key.service_id!;
}
