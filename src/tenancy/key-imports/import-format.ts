import type { TokenPattern } from './token-pattern.js';

export const HASH_ALGORITHMS = ['sha256', 'sha512', 'argon2', 'bcrypt'] as const;
export type HashAlgorithm = (typeof HASH_ALGORITHMS)[number];

/** `token`: the whole token; `secret`: what follows its lookup part. */
export const HASHED_PARTS = ['token', 'secret'] as const;
/** `hmac`: the key of an HMAC; the others: joined with the hashed part. */
export const PEPPER_USES = ['hmac', 'before', 'after'] as const;
export const PEPPER_ENCODINGS = ['utf8', 'hex', 'base64'] as const;

/** The public part of a token, which finds its row. Without a separator it has a fixed place. */
export type LookupPart = { readonly separator: string } | { readonly start: number; readonly length: number };

/** How the exporting product stores its tokens. Stored with the import; the pepper itself is sealed beside it. */
export interface ImportFormat {
  readonly algorithm: HashAlgorithm;
  readonly hashed: (typeof HASHED_PARTS)[number];
  readonly pepper: {
    readonly use: (typeof PEPPER_USES)[number];
    readonly encoding: (typeof PEPPER_ENCODINGS)[number];
  } | null;
  readonly lookup: LookupPart | null;
  readonly tokens: TokenPattern;
}

/** Whether the digest of a token depends on the import, and not on the token alone. */
export function isBoundToImport({ algorithm, pepper, lookup }: ImportFormat): boolean {
  return pepper !== null || lookup !== null || isSlow(algorithm);
}

/** Hashes with a salt, which can't be looked up. */
export function isSlow(algorithm: HashAlgorithm): algorithm is 'argon2' | 'bcrypt' {
  return algorithm === 'argon2' || algorithm === 'bcrypt';
}

/** Whether credentials are stored natively from the start: a key of this server has the SHA-256 of its whole token. */
export function isNative(format: ImportFormat): boolean {
  return format.algorithm === 'sha256' && !isBoundToImport(format);
}

/** Fewer could be guessed, or found from their hash. */
export const RANDOM_CHARACTERS_MIN = 16;

export interface TokenParts {
  readonly lookup: string;
  readonly secret: string;
}

/** The lookup part of a token and what follows it; undefined if the token doesn't have both. */
export function splitToken(token: string, { lookup, tokens }: ImportFormat): TokenParts | undefined {
  if (lookup === null) return undefined;
  const from = 'separator' in lookup ? tokens.prefix.length : lookup.start;
  const to = 'separator' in lookup ? token.indexOf(lookup.separator, from) : from + lookup.length;
  const secretAt = 'separator' in lookup ? to + lookup.separator.length : to;
  if (to <= from || token.length - secretAt < RANDOM_CHARACTERS_MIN) return undefined;
  return { lookup: token.slice(from, to), secret: token.slice(secretAt) };
}
