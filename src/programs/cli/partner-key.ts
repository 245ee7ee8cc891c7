import { IsNull, Not } from 'typeorm';
import { ApiKeys } from '../../tenancy/api-keys/api-keys.service.js';
import { ApiKey } from '../../tenancy/api-keys/api-key.entity.js';
import { CreatePartnerKeyDto } from '../../tenancy/api-keys/key-settings.dto.js';
import { OPERATOR } from '../../kit/audit/actor.js';
import { Database } from '../../core/database/database.js';
import { rowId } from '../../core/wire/row-id.js';
import { notFound } from '../../core/errors/core-errors.js';
import { Partners } from '../../tenancy/partners/partners.service.js';
import { validated } from '../../core/validation/request.pipe.js';
import { defineCommand } from './command.js';
import { KEY_PARTS } from './key-parts.js';
import { answerWithKeys } from './listed-keys.js';

const PARTS = { ...KEY_PARTS, services: [...KEY_PARTS.services, Partners] };

const PARTNER = { kind: 'text', placeholder: 'ID', help: 'whose', isRequired: true } as const;

export const partnerKeyCreate = defineCommand({
  name: 'partner key create',
  summary: 'Create a key for the partner API. It is shown once.',
  options: { partner: PARTNER, name: { kind: 'text', placeholder: 'NAME', help: 'a label; otherwise "Default"' } },
  parts: PARTS,
  async run({ options, service }) {
    const { name } = validated({ name: options.name }, CreatePartnerKeyDto);
    const partner = await (await service(Partners)).findOrThrow(options.partner);
    const apiKeys = await service(ApiKeys);
    const { key, token } = await apiKeys.createForPartner(OPERATOR, partner.id, name ?? undefined);
    return {
      json: { api_key_id: key.id, api_key: token },
      text: `Key ${key.id} (${key.name}) of partner ${partner.name}. It is not shown again:\n${token}`,
    };
  },
});

export const partnerKeyList = defineCommand({
  name: 'partner key list',
  summary: "List a partner's keys, newest first, including revoked ones.",
  options: { partner: PARTNER },
  parts: PARTS,
  async run({ options, service }) {
    const partner = await (await service(Partners)).findOrThrow(options.partner);
    return answerWithKeys(await (await service(ApiKeys)).list({ partnerId: partner.id }));
  },
});

export const partnerKeyRevoke = defineCommand({
  name: 'partner key revoke',
  argument: 'ID',
  summary: 'Revoke a key permanently. Once the command ends, every server refuses it.',
  options: { partner: { kind: 'text', placeholder: 'ID', help: 'refuse the key of another partner' } },
  parts: PARTS,
  async run({ argument, options, service }) {
    const partnerId = options.partner ?? (await partnerOf(await service(Database), argument));
    await (await service(ApiKeys)).revoke(OPERATOR, { partnerId }, argument);
    return { json: { api_key_id: argument, revoked: true }, text: `Key ${argument} is revoked.` };
  },
});

/** Finds only partner keys, because partners revoke the keys of their orgs themselves. */
async function partnerOf({ dataSource }: Database, keyId: string): Promise<string> {
  const where = { id: rowId(keyId), partner_id: Not(IsNull()) };
  const key = await dataSource.manager.findOneBy(ApiKey, where);
  if (!key) throw notFound('API key');
  return key.partner_id!;
}
