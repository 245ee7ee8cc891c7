import { createHash, createHmac } from 'node:crypto';
import { digestOf } from '../../access/credentials/credential-format.js';
import type { StoredForm } from '../../access/ports/imported-keys.js';
import { BCRYPT_BYTES_MAX } from './exported-hash.js';
import { type ImportFormat, isBoundToImport, isNative, isSlow, splitToken } from './import-format.js';

/**
 * Starts the digests of credentials in another form. A native digest is hexadecimal, so that neither is ever taken for the
 * other.
 */
const FOREIGN = 'imported:';

/** An import, as far as the digests of its tokens depend on it. */
export interface DigestedImport {
  readonly id: string;
  readonly format: ImportFormat;
  /** Undefined without one. */
  readonly pepper: Buffer | undefined;
}

/**
 * The digest that a credential is stored under until its first use.
 * @param hash hex; empty for argon2 and bcrypt
 * @param lookup the public part of the token; empty without one
 */
export function storedDigest(
  { id, format }: Pick<DigestedImport, 'id' | 'format'>,
  hash: string,
  lookup: string,
): string {
  if (isNative(format)) return hash;
  const scope = isBoundToImport(format) ? id : '';
  return FOREIGN + digestOf([format.algorithm, scope, lookup, isSlow(format.algorithm) ? '' : hash].join('\0'));
}

/** How a credential of the import with this token is stored before its first use; undefined: it has no such token. */
export function formOf(token: string, source: DigestedImport): StoredForm | undefined {
  const { format } = source;
  const parts = splitToken(token, format);
  if (format.lookup !== null && parts === undefined) return undefined;
  const hashed = format.hashed === 'token' ? token : parts!.secret;
  if (format.algorithm === 'bcrypt' && Buffer.byteLength(hashed) > BCRYPT_BYTES_MAX) return undefined;
  const lookup = parts?.lookup ?? '';
  if (isSlow(format.algorithm)) return { digest: storedDigest(source, '', lookup), hashed };
  return { digest: storedDigest(source, fastHash(hashed, source), lookup) };
}

function fastHash(text: string, { format: { algorithm, pepper: rule }, pepper }: DigestedImport): string {
  if (rule === null || pepper === undefined) return createHash(algorithm).update(text).digest('hex');
  if (rule.use === 'hmac') return createHmac(algorithm, pepper).update(text).digest('hex');
  const hash = createHash(algorithm);
  return (rule.use === 'before' ? hash.update(pepper).update(text) : hash.update(text).update(pepper)).digest('hex');
}
