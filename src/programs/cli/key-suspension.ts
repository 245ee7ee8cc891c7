import { OPERATOR } from '../../kit/audit/actor.js';
import { Database } from '../../core/database/database.js';
import { ownerOf } from '../../tenancy/api-keys/key-rows.js';
import { KeySuspensions } from '../../tenancy/api-keys/key-suspensions.service.js';
import { defineCommand } from './command.js';
import { findKeyOrThrow } from './key-owner.js';
import { KEY_PARTS } from './key-parts.js';

export const keySuspend = defineCommand({
  name: 'key suspend',
  argument: 'ID',
  summary: 'Refuse a key of any owner until it is resumed. In force once the command ends.',
  options: {},
  parts: KEY_PARTS,
  async run({ argument, service }) {
    const owner = ownerOf(await findKeyOrThrow(await service(Database), argument));
    await (await service(KeySuspensions)).suspend(OPERATOR, owner, argument);
    return { json: { api_key_id: argument, suspended: true }, text: `Key ${argument} is suspended.` };
  },
});

export const keyResume = defineCommand({
  name: 'key resume',
  argument: 'ID',
  summary: 'Admit a suspended key again. Refused for a revoked or expired key.',
  options: {},
  parts: KEY_PARTS,
  async run({ argument, service }) {
    const owner = ownerOf(await findKeyOrThrow(await service(Database), argument));
    await (await service(KeySuspensions)).resume(OPERATOR, owner, argument);
    return { json: { api_key_id: argument, suspended: false }, text: `Key ${argument} is active.` };
  },
});
