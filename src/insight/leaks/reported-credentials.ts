import { Inject, Injectable } from '@nestjs/common';
import { digestOf } from '../../access/credentials/credential-format.js';
import { ImportedKeys } from '../../access/ports/imported-keys.js';
import { CONFIG, type Config } from '../../core/config/config.js';
import { Database } from '../../core/database/database.js';
import { SigningKeys } from '../../tenancy/signing-keys/signing-keys.service.js';
import { TOKEN_CHARACTERS_MAX, type TokenForm, tokenForm } from './token-forms.js';

/** A credential that the database knows, also one that ended. */
export interface FoundCredential {
  readonly digest: string;
  readonly credential_id: string;
  readonly key_id: string;
  readonly org_id: string | null;
  /** Of a key with a secret, whose digest is that of its public half. */
  readonly secret_hash: string | null;
}

/** Both halves of a key. */
export interface FoundPair {
  readonly key: string;
  readonly secret: string;
  readonly found: FoundCredential;
}

const DIGESTS_PER_QUERY = 1_000;

const FIND = `
  SELECT digest, key_credentials.id AS credential_id, key_id, org_id, secret_hash
  FROM key_credentials JOIN api_keys ON api_keys.id = key_id WHERE digest = ANY ($1::text[])`;

/** Finds credentials by reported tokens. Only digests reach the database. */
@Injectable()
export class ReportedCredentials {
  constructor(
    private readonly database: Database,
    private readonly signingKeys: SigningKeys,
    private readonly imports: ImportedKeys,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  /**
   * Tokens by form, without duplicates and without those that this installation neither made nor imported. An imported
   * one is a bearer token; it is found by the native digest, so not before its first use where another hash was imported.
   */
  async sorted(tokens: Iterable<string>): Promise<Readonly<Record<TokenForm, readonly string[]>>> {
    const issuer = await this.signingKeys.issuer();
    const sorted: Record<TokenForm, string[]> = { bearer: [], pair_key: [], pair_secret: [] };
    for (const token of new Set(tokens)) {
      const form = tokenForm(token, this.config, issuer) ?? (await this.#importedForm(token));
      if (form !== undefined) sorted[form].push(token);
    }
    return sorted;
  }

  async #importedForm(token: string): Promise<TokenForm | undefined> {
    return token.length <= TOKEN_CHARACTERS_MAX && (await this.imports.isDeclared(token)) ? 'bearer' : undefined;
  }

  /** By digest. */
  async find(digests: readonly string[]): Promise<Map<string, FoundCredential>> {
    const found = new Map<string, FoundCredential>();
    for (let at = 0; at < digests.length; at += DIGESTS_PER_QUERY) {
      const { rows } = await this.database.query(FIND, [digests.slice(at, at + DIGESTS_PER_QUERY)]);
      for (const row of rows as unknown as FoundCredential[]) found.set(row.digest, row);
    }
    return found;
  }

  /**
   * Finds keys among public halves and secrets. A secret is stored as argon2id, so it is found only by its other half.
   * @param matches verifies a secret; called at most `runsMax` times
   */
  async findPairs(
    keys: readonly string[],
    secrets: readonly string[],
    runsMax: number,
    matches: (secret: string, found: FoundCredential) => Promise<boolean>,
  ): Promise<FoundPair[]> {
    if (keys.length === 0 || secrets.length === 0) return [];
    const known = await this.find(keys.map(digestOf));
    const open = new Set(secrets);
    const pairs: FoundPair[] = [];
    let runs = 0;
    for (const key of keys) {
      const found = known.get(digestOf(key));
      if (found?.secret_hash == null) continue;
      for (const secret of open) {
        if (++runs > runsMax) return pairs;
        if (!(await matches(secret, found))) continue;
        pairs.push({ key, secret, found });
        open.delete(secret);
        break;
      }
    }
    return pairs;
  }
}
