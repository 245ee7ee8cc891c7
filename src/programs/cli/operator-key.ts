import { OPERATOR } from '../../kit/audit/actor.js';
import { validated } from '../../core/validation/request.pipe.js';
import { ApiKeys } from '../../tenancy/api-keys/api-keys.service.js';
import { CreatePartnerKeyDto } from '../../tenancy/api-keys/key-settings.dto.js';
import { defineCommand } from './command.js';
import { KEY_PARTS } from './key-parts.js';
import { answerWithKeys } from './listed-keys.js';

export const operatorKeyCreate = defineCommand({
  name: 'operator key create',
  summary: 'Create a key for the operator API, which declares services. It is shown once.',
  options: { name: { kind: 'text', placeholder: 'NAME', help: 'a label; otherwise "Default"' } },
  parts: KEY_PARTS,
  async run({ options, service }) {
    const { name } = validated({ name: options.name }, CreatePartnerKeyDto);
    const { key, token } = await (await service(ApiKeys)).createForOperator(OPERATOR, name ?? undefined);
    return {
      json: { api_key_id: key.id, api_key: token },
      text: `Key ${key.id} (${key.name}) of the operator. It is not shown again:\n${token}`,
    };
  },
});

export const operatorKeyList = defineCommand({
  name: 'operator key list',
  summary: 'List the keys for the operator API, newest first, including revoked ones.',
  options: {},
  parts: KEY_PARTS,
  run: async ({ service }) => answerWithKeys(await (await service(ApiKeys)).list({ isOperator: true })),
});

export const operatorKeyRevoke = defineCommand({
  name: 'operator key revoke',
  argument: 'ID',
  summary: 'Revoke a key permanently. Once the command ends, every server refuses it.',
  options: {},
  parts: KEY_PARTS,
  async run({ argument, service }) {
    await (await service(ApiKeys)).revoke(OPERATOR, { isOperator: true }, argument);
    return { json: { api_key_id: argument, revoked: true }, text: `Key ${argument} is revoked.` };
  },
});
