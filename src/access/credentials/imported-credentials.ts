import type { RefusalReason } from '../errors/refusal-reasons.js';
import type { ImportedKeys } from '../ports/imported-keys.js';
import type { FoundKey, KeyStore, StoredKey } from '../ports/key-store.js';

/** A key, and why the caller may not be its owner; undefined: it is. */
export interface FoundCredential {
  readonly found: FoundKey;
  readonly unproven: RefusalReason | undefined;
}

type RefuseSecret = (key: StoredKey, secret: string) => Promise<RefusalReason | undefined>;

/** Finds keys by tokens that another product created. The first use of one makes its credential native. */
export class ImportedCredentials {
  constructor(
    private readonly keys: KeyStore,
    private readonly imports: ImportedKeys,
  ) {}

  /** See `ImportedKeys.isDeclared`. */
  isDeclared(token: string): boolean | Promise<boolean> {
    return this.imports.isDeclared(token);
  }

  /**
   * @param digest of the whole token
   * @param refuseSecret why a secret isn't accepted for a key
   */
  async find(token: string, digest: string, refuseSecret: RefuseSecret): Promise<FoundCredential> {
    const native = await this.#findNative(digest);
    if (native.found.key !== undefined) return native;
    let refused: FoundCredential | undefined;
    for (const form of await this.imports.find(token, digest)) {
      const found = await this.keys.findByDigest(form.digest);
      // Another process made it native in between.
      if (found.key === undefined || form.digest === digest) return this.#findNative(digest);
      const unproven = form.hashed === undefined ? undefined : await refuseSecret(found.key, form.hashed);
      if (unproven === undefined) return this.#makeNative(form.digest, digest, found);
      refused ??= { found, unproven };
    }
    return refused ?? native;
  }

  async #findNative(digest: string): Promise<FoundCredential> {
    const found = await this.keys.findByDigest(digest);
    // Any other credential with a hash is half of a pair, and no bearer token.
    return { found, unproven: found.key?.secretHash == null ? undefined : 'audience_mismatch' };
  }

  async #makeNative(storedDigest: string, digest: string, found: FoundKey): Promise<FoundCredential> {
    if (found.key!.endedBy !== null) return { found, unproven: undefined };
    await this.imports.makeNative(storedDigest, digest);
    // Read again, because the cache must not keep what is older than the change.
    const native = await this.#findNative(digest);
    return native.found.key === undefined ? { found, unproven: undefined } : native;
  }
}
