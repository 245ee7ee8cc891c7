import { Inject, Injectable } from '@nestjs/common';
import { mintKeyPair, mintOpaqueKey } from '../../access/credentials/credential-format.js';
import { SecretVerifier } from '../../access/credentials/secret-verifier.js';
import { CONFIG, type Config } from '../../core/config/config.js';
import { SigningKeys } from '../signing-keys/signing-keys.service.js';
import type { ApiKey } from './api-key.entity.js';

/** A new credential. Only the answer that creates it shows it. */
export interface MintedCredential {
  /** The bearer token, or the public half of a key with a secret. */
  readonly token: string;
  /** Only for a key with a secret. */
  readonly secret?: string;
  readonly secretHash?: string;
}

/** Creates credentials. */
@Injectable()
export class KeyMint {
  constructor(
    private readonly signingKeys: SigningKeys,
    private readonly secrets: SecretVerifier,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  /** A JWT, for partners and the keys that they create (S1). */
  async jwt(audience: 'partner' | 'org', subject: string): Promise<MintedCredential> {
    return { token: await this.signingKeys.sign(audience, subject) };
  }

  opaque(): MintedCredential {
    return { token: mintOpaqueKey(this.config.keyPrefix, this.config.keyEnvironment) };
  }

  /** A key and a secret (S3). @throws AppError verification_busy (503) when too many secrets are being hashed */
  async pair(orgId: string): Promise<MintedCredential> {
    const { key, secret } = mintKeyPair(this.config.keyPrefix);
    return { token: key, secret, secretHash: await this.secrets.hash(secret, orgId) };
  }

  /** A credential in the form of the key. */
  another(orgId: string, key: Pick<ApiKey, 'kind' | 'format'>): Promise<MintedCredential> {
    if (key.kind === 'key_secret') return this.pair(orgId);
    return key.format === 'jwt' ? this.jwt('org', orgId) : Promise.resolve(this.opaque());
  }
}
