import { OPERATOR } from '../../kit/audit/actor.js';
import { Installation } from '../../tenancy/signing-keys/installation.entity.js';
import { SigningKey } from '../../tenancy/signing-keys/signing-key.entity.js';
import { SigningKeys } from '../../tenancy/signing-keys/signing-keys.service.js';
import { defineCommand } from './command.js';

export const signingKeyRotate = defineCommand({
  name: 'signing-key rotate',
  summary: 'Create a new signing key for JWTs. Tokens of older keys stay valid.',
  options: {},
  parts: { services: [SigningKeys], entities: [Installation, SigningKey] },
  async run({ service }) {
    const kid = await (await service(SigningKeys)).rotate(OPERATOR);
    return { json: { kid }, text: `New JWTs are signed by ${kid}.` };
  },
});
