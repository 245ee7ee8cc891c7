/** One way in which the credential of a presented token is stored. */
export interface StoredForm {
  /** As `key_credentials.digest` has it. */
  readonly digest: string;
  /** The text that the credential's hash is of. Undefined: the digest is of the whole token, which proves it. */
  readonly hashed?: string;
}

/** The tokens of keys that came from other products. Implemented by `tenancy/key-imports/`. */
export abstract class ImportedKeys {
  /** Whether an import declares tokens of this form. A promise only until this process has read the imports. */
  abstract isDeclared(token: string): boolean | Promise<boolean>;

  /**
   * The stored credentials that can be the token's, oldest first. No statement where every imported credential of its
   * form is stored natively.
   * @param digest of the whole token, the native form
   */
  abstract find(token: string, digest: string): Promise<readonly StoredForm[]>;

  /** Stores a credential that was proven natively. Harmless when another process did, or when the key has ended. */
  abstract makeNative(storedDigest: string, digest: string): Promise<void>;
}
