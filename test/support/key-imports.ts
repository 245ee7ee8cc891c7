import { createHash, createHmac, randomBytes } from 'node:crypto';
import { hash as argon2 } from 'argon2';
import { hashSync } from 'bcryptjs';
import type { ImportedBatch, AddKeyImportDto } from '../../src/tenancy/key-imports/key-imports.dto.js';

type Set = AddKeyImportDto['import'];

/** A token of another product, and its row in that product's export. */
export interface ForeignKey {
  readonly token: string;
  readonly row: { readonly hash: string; readonly lookup?: string };
}

/** A way in which other products store tokens. */
export interface ForeignForm {
  readonly set: Omit<Set, 'name' | 'hash'> & { readonly hash: object };
  make(): Promise<ForeignKey> | ForeignKey;
}

export const random = (characters: number) => randomBytes(characters).toString('hex').slice(0, characters);
export const newToken = (prefix = 'sk_live_') => `${prefix}${random(40)}`;

export const TOKENS = { prefix: 'sk_live_', min_length: 48, max_length: 48, alphabet: 'alphanumeric' } as const;
const PARTS = { prefix: 'acme_', min_length: 40, max_length: 72, alphabet: 'visible' } as const;
const PEPPER = 'c2FsdHkgd2F0ZXI';

function whole(hash: object, digest: (token: string) => string): ForeignForm {
  const make = () => {
    const token = newToken();
    return { token, row: { hash: digest(token) } };
  };
  return { set: { hash, tokens: { ...TOKENS } }, make };
}

function behindLookup(hash: object, digest: (token: string, secret: string) => Promise<string> | string): ForeignForm {
  const make = async () => {
    const [lookup, secret] = [random(8), random(32)];
    const token = `acme_${lookup}.${secret}`;
    return { token, row: { hash: await digest(token, secret), lookup } };
  };
  return { set: { hash, lookup: { separator: '.' }, tokens: { ...PARTS } }, make };
}

const sha = (algorithm: 'sha256' | 'sha512', encoding: 'hex' | 'base64' | 'base64url') => (token: string) =>
  createHash(algorithm).update(token).digest(encoding);
const withPepper = (use: string) => ({ algorithm: 'sha256', pepper: { value: PEPPER, use } });
/** The cheapest that is accepted. */
const QUICK_ARGON2 = { memoryCost: 4_096, timeCost: 1, parallelism: 1 };

export const sha256Hex = sha('sha256', 'hex');
export const sha512Hex = sha('sha512', 'hex');

export const FOREIGN_FORMS: Readonly<Record<string, ForeignForm>> = {
  'SHA-256 in hex': whole({ algorithm: 'sha256' }, sha256Hex),
  'SHA-256 in upper-case hex': whole({ algorithm: 'sha256' }, (token) => sha256Hex(token).toUpperCase()),
  'SHA-256 in base64': whole({ algorithm: 'sha256' }, sha('sha256', 'base64')),
  'SHA-256 in base64url': whole({ algorithm: 'sha256' }, sha('sha256', 'base64url')),
  'SHA-512 in hex': whole({ algorithm: 'sha512' }, sha512Hex),
  'SHA-512 in base64': whole({ algorithm: 'sha512' }, sha('sha512', 'base64')),
  'SHA-512 in base64url': whole({ algorithm: 'sha512' }, sha('sha512', 'base64url')),
  'HMAC-SHA-256': whole(withPepper('hmac'), (token) => createHmac('sha256', PEPPER).update(token).digest('hex')),
  'SHA-256 with a pepper before': whole(withPepper('before'), (token) => sha256Hex(PEPPER + token)),
  'SHA-256 with a pepper after': whole(withPepper('after'), (token) => sha256Hex(token + PEPPER)),
  'HMAC-SHA-512 with a binary pepper': whole(
    { algorithm: 'sha512', pepper: { value: '00ff10', use: 'hmac', encoding: 'hex' } },
    (token) => createHmac('sha512', Buffer.from('00ff10', 'hex')).update(token).digest('base64'),
  ),
  'SHA-256 of the secret behind a lookup part': behindLookup(
    { algorithm: 'sha256', hashed: 'secret' },
    (_token, secret) => sha256Hex(secret),
  ),
  'argon2id of the secret behind a lookup part': behindLookup(
    { algorithm: 'argon2', hashed: 'secret' },
    (_token, secret) => argon2(secret, QUICK_ARGON2),
  ),
  'argon2id of the whole token': behindLookup({ algorithm: 'argon2' }, (token) => argon2(token, QUICK_ARGON2)),
  'bcrypt of the secret behind a lookup part': behindLookup(
    { algorithm: 'bcrypt', hashed: 'secret' },
    (_token, secret) => hashSync(secret, 8),
  ),
  'bcrypt behind the first characters': {
    set: { hash: { algorithm: 'bcrypt' }, lookup: { start: 8, length: 6 }, tokens: { ...TOKENS } },
    make() {
      const token = newToken();
      return { token, row: { hash: hashSync(token, 8), lookup: token.slice(8, 14) } };
    },
  },
};

/** The status of each row. */
export function statusesOf({ results }: ImportedBatch): string[] {
  return results.map(({ status, error }) => error?.code ?? status);
}
