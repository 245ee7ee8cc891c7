import { Field } from '../../core/wire/field.js';
import { listOf, oneOf, type Schema, TEXT } from '../../core/wire/schema.js';

/** RFC 8037. */
const PUBLIC_JWK: Schema = {
  type: 'object',
  required: ['kty', 'crv', 'x', 'kid', 'alg', 'use'],
  properties: {
    kty: oneOf(['OKP']),
    crv: oneOf(['Ed25519']),
    x: TEXT,
    kid: TEXT,
    alg: oneOf(['EdDSA']),
    use: oneOf(['sig']),
  },
};

/** RFC 7517. */
export class JwkSet {
  @Field(listOf(PUBLIC_JWK))
  keys: object[];
}
