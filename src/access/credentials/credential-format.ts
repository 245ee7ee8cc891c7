import { hash, randomBytes } from 'node:crypto';
import { crc32 } from 'node:zlib';

const BASE62 = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
/** 62^43 is the first power above 2^256. */
const SECRET_CHARACTERS = 43;
/** 62^22 is the first power above 2^128. */
const PAIR_KEY_CHARACTERS = 22;
/** 62^6 is the first power above 2^32. */
const CHECKSUM_CHARACTERS = 6;
/** The last four characters of a shorter text would reveal too much of it. */
const MASKABLE_CHARACTERS_MIN = 24;

/** How many base62 characters follow the start of each form, with the checksum where it has one. */
export const BASE62_CHARACTERS = {
  opaque: SECRET_CHARACTERS + CHECKSUM_CHARACTERS,
  pairKey: PAIR_KEY_CHARACTERS,
  pairSecret: SECRET_CHARACTERS + CHECKSUM_CHARACTERS,
} as const;

export type KeyEnvironment = 'live' | 'test';

/** A new opaque key: `ocx_live_`, 256 random bits as 43 base62 characters, 6 of checksum. */
export function mintOpaqueKey(prefix: string, environment: KeyEnvironment): string {
  return mintWithChecksum(`${prefix}_${environment}_`);
}

/** Checks prefix, length and checksum, so that a mistyped key costs no query. */
export function isWellFormedOpaqueKey(token: string, prefix: string, environment: KeyEnvironment): boolean {
  return isWellFormed(token, `${prefix}_${environment}_`);
}

/** A new agent key (S3): `ocx_key_` and 128 random bits as its public half, and `ocx_sec_` in the form of an opaque key. */
export function mintKeyPair(prefix: string): { key: string; secret: string } {
  return {
    key: `${prefix}_key_${randomBase62(16, PAIR_KEY_CHARACTERS)}`,
    secret: mintWithChecksum(`${prefix}_sec_`),
  };
}

/** Whether a token has the form of the public half of a pair, which has no checksum. */
export function isWellFormedPairKey(token: string, prefix: string): boolean {
  const start = `${prefix}_key_`;
  return (
    token.length === start.length + PAIR_KEY_CHARACTERS && token.startsWith(start) && isBase62(token, start.length)
  );
}

/** Whether a token has the form of the secret half of a pair. */
export function isWellFormedPairSecret(token: string, prefix: string): boolean {
  return isWellFormed(token, `${prefix}_sec_`);
}

/** 256 random bits as 64 lower-case hex characters: session ids, login links, widget and webhook tokens (S1). */
export function mintToken64Hex(): string {
  return randomBytes(32).toString('hex');
}

/** Whether a text has the form of `mintToken64Hex`. */
export function isToken64Hex(text: string): boolean {
  return text.length === 64 && /^[0-9a-f]{64}$/.test(text);
}

/** The stored form of a credential: SHA-256 of the whole token, as 64 lower-case hex characters. */
export function digestOf(token: string): string {
  return hash('sha256', token);
}

/** The masked form of a credential: `ocx_live_…x7Qa`, `eyJhbGci…x7Qa` for a JWT, `…x7Qa` for anything else. */
export function maskCredential(token: string): string {
  if (token.length < MASKABLE_CHARACTERS_MIN) return '…';
  const opening = /^(?:[a-z][a-z0-9]{1,11}_(?:live|test|key|sec)_|eyJ[A-Za-z0-9_-]{5}(?=[^.]*\.))/.exec(token);
  return `${opening?.[0] ?? ''}…${token.slice(-4)}`;
}

function mintWithChecksum(start: string): string {
  const body = `${start}${randomBase62(32, SECRET_CHARACTERS)}`;
  return `${body}${base62(BigInt(crc32(body)), CHECKSUM_CHARACTERS)}`;
}

function isWellFormed(token: string, start: string): boolean {
  // Checks the length first, so that an oversized token costs nothing.
  if (token.length !== start.length + SECRET_CHARACTERS + CHECKSUM_CHARACTERS) return false;
  if (!token.startsWith(start) || !isBase62(token, start.length)) return false;
  const checksumAt = token.length - CHECKSUM_CHARACTERS;
  let checksum = 0;
  for (let index = checksumAt; index < token.length; index++) checksum = checksum * 62 + digit(token, index);
  return checksum === crc32(token.slice(0, checksumAt));
}

/** Random bits as one base-62 number: `byte % 62` would favour the first eight characters. */
function randomBase62(bytes: number, characters: number): string {
  return base62(BigInt(`0x${randomBytes(bytes).toString('hex')}`), characters);
}

function base62(value: bigint, characters: number): string {
  let text = '';
  for (let rest = value; text.length < characters; rest /= 62n) text = BASE62.charAt(Number(rest % 62n)) + text;
  return text;
}

function isBase62(text: string, from: number): boolean {
  for (let index = from; index < text.length; index++) if (digit(text, index) < 0) return false;
  return true;
}

/** The value of a base62 character, or -1. Arithmetic, because it runs 49 times per key. */
function digit(text: string, index: number): number {
  const code = text.charCodeAt(index);
  if (code >= 48 && code <= 57) return code - 48;
  if (code >= 65 && code <= 90) return code - 55;
  return code >= 97 && code <= 122 ? code - 61 : -1;
}
