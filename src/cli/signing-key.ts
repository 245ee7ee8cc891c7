import { OPERATOR } from '../audit/actor.js';
import { SigningKeys } from '../signing-keys/signing-keys.service.js';
import { defineCommand } from './command.js';

export const signingKeyRotate = defineCommand({
  name: 'signing-key rotate',
  summary: 'Make a new key that signs JWTs from now on; the older ones go on verifying theirs.',
  options: {},
  async run({ service }) {
    const kid = await (await service(SigningKeys)).rotate(OPERATOR);
    return { json: { kid }, text: `JWTs are signed by ${kid} from now on.` };
  },
});
