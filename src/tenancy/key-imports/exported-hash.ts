import type { HashAlgorithm } from './import-format.js';

const FAST_BYTES = { sha256: 32, sha512: 64 } as const;
const HEX = /^[0-9a-fA-F]+$/;
const BASE64 = /^[0-9A-Za-z+/]+$/;
const BASE64URL = /^[0-9A-Za-z_-]+$/;

const BCRYPT = /^\$2[aby]\$(\d\d)\$[./0-9A-Za-z]{53}$/;
/** A cost of 14 takes about a second. */
const BCRYPT_COST = { min: 8, max: 14 };
/** bcrypt ignores what follows. */
export const BCRYPT_BYTES_MAX = 72;

/** Libraries write the parameters in different orders. */
const ARGON2 =
  /^\$argon2(?:id|i)\$v=19\$([mtp]=\d{1,7}),([mtp]=\d{1,7}),([mtp]=\d{1,7})\$[0-9A-Za-z+/]{11,86}\$[0-9A-Za-z+/]{22,86}$/;
const ARGON2_BOUNDS = { memory: [4_096, 131_072], passes: [1, 10], lanes: [1, 8] } as const;

/** A hash as it is stored, or what is wrong with it, as the end of a sentence. */
export type ReadHash = { readonly stored: string } | { readonly problem: string };

/**
 * Reads a hash as the exporting product wrote it.
 * @returns lower-case hex for SHA-256 and SHA-512, else the hash itself
 */
export function readHash(text: string, algorithm: HashAlgorithm): ReadHash {
  if (algorithm === 'bcrypt') return readBcrypt(text);
  if (algorithm === 'argon2') return readArgon2(text);
  const bytes = FAST_BYTES[algorithm];
  const name = algorithm === 'sha256' ? 'SHA-256' : 'SHA-512';
  const hash = bytesOf(text, bytes);
  if (hash === undefined) {
    return { problem: `must be a whole ${name} of ${bytes} bytes in hex, base64 or base64url` };
  }
  return { stored: hash.toString('hex') };
}

/** The lengths of the three encodings differ, so that none has to be declared. */
function bytesOf(text: string, bytes: number): Buffer | undefined {
  if (text.length === 2 * bytes) return HEX.test(text) ? Buffer.from(text, 'hex') : undefined;
  const characters = Math.ceil((bytes * 4) / 3);
  const padding = text.slice(characters);
  if (text.length < characters || (padding !== '' && padding !== '='.repeat((4 - (characters % 4)) % 4)))
    return undefined;
  const encoded = text.slice(0, characters);
  return BASE64.test(encoded) || BASE64URL.test(encoded) ? Buffer.from(encoded, 'base64') : undefined;
}

function readBcrypt(text: string): ReadHash {
  const cost = Number(BCRYPT.exec(text)?.[1] ?? NaN);
  if (cost >= BCRYPT_COST.min && cost <= BCRYPT_COST.max) return { stored: text };
  return { problem: `must be a bcrypt hash with a cost of ${BCRYPT_COST.min} to ${BCRYPT_COST.max}` };
}

function readArgon2(text: string): ReadHash {
  const parameters = (ARGON2.exec(text) ?? []).slice(1).map((parameter) => parameter.split('='));
  const values = Object.fromEntries(parameters.map(([name, value]) => [name!, Number(value)])) as Record<
    string,
    number
  >;
  const { memory: m, passes: t, lanes: p } = ARGON2_BOUNDS;
  if (isWithin(values['m'], m) && isWithin(values['t'], t) && isWithin(values['p'], p)) return { stored: text };
  const bounds = `${m[0]} to ${m[1]} KiB, ${t[0]} to ${t[1]} passes and ${p[0]} to ${p[1]} lanes`;
  return { problem: `must be an argon2id or argon2i hash in PHC format with ${bounds}` };
}

function isWithin(value: number | undefined, [min, max]: readonly [number, number]): boolean {
  return value !== undefined && value >= min && value <= max;
}
