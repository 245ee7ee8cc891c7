import { BASE62_CHARACTERS } from '../../access/credentials/credential-format.js';
import type { Config } from '../../core/config/config.js';

/** A kind of credential, as scanners of source code look for it. */
export interface LeakPattern {
  /** The name of the kind, unique among products: it begins with KEY_PREFIX. */
  readonly type: string;
  readonly description: string;
  /** In the part of RE2's syntax that JavaScript shares. */
  readonly regex: string;
  /** A text that every match contains. Scanners run the expression only where they find it. */
  readonly keyword: string;
  /** What a reader of the match can check without asking the server. */
  readonly check: 'checksum' | 'signature' | 'nothing';
  /** The other half of a pair. The server finds the secret by it only. */
  readonly pairedWith?: LeakPattern;
}

/** 64 bytes in base64url: the last character has four bits of padding. A word character, so `\b` can follow. */
const SIGNATURE = '[0-9A-Za-z_-]{85}[AQgw]';
/** The header is `{"alg":"EdDSA","kid":"<uuid>","typ":"org+jwt"}`: 21 known bytes, 39 with the uuid, and known ones. */
const HEADER_START = base64url('{"alg":"EdDSA","kid":');
const HEADER_MIDDLE = '[0-9A-Za-z_-]{52}';
/** After `iss`. Today 160 and 166 characters. */
const CLAIMS = '[0-9A-Za-z_-]{100,300}';

type Names = Pick<Config, 'keyPrefix' | 'keyEnvironment'>;

/** @param issuer the `iss` of the installation's JWTs */
export function leakPatterns({ keyPrefix, keyEnvironment }: Names, issuer: string): LeakPattern[] {
  const pairKey = base62Pattern({
    type: `${keyPrefix}_agent_key`,
    description: 'Public half of an agent key',
    keyword: `${keyPrefix}_key_`,
    characters: BASE62_CHARACTERS.pairKey,
    check: 'nothing',
  });
  return [
    base62Pattern({
      type: `${keyPrefix}_${keyEnvironment}_api_key`,
      description: `API key (${keyEnvironment})`,
      keyword: `${keyPrefix}_${keyEnvironment}_`,
      characters: BASE62_CHARACTERS.opaque,
      check: 'checksum',
    }),
    base62Pattern({
      type: `${keyPrefix}_agent_secret`,
      description: 'Secret of an agent key',
      keyword: `${keyPrefix}_sec_`,
      characters: BASE62_CHARACTERS.pairSecret,
      check: 'checksum',
      pairedWith: pairKey,
    }),
    jwtPattern(`${keyPrefix}_org_token`, 'API key of an organization (JWT)', 'org', issuer),
    jwtPattern(`${keyPrefix}_partner_token`, 'Partner key (JWT)', 'partner', issuer),
  ];
}

/** Nothing stands before the start, because a URL-encoded blank ends with a digit. */
function base62Pattern({
  characters,
  ...pattern
}: Omit<LeakPattern, 'regex'> & { readonly characters: number }): LeakPattern {
  return { ...pattern, regex: `${pattern.keyword}[0-9A-Za-z]{${characters}}\\b` };
}

/** The 45 bytes of `{"iss":"<uuid>"` are 60 characters in base64url, so they tell this installation's tokens from others. */
function jwtPattern(type: string, description: string, audience: 'org' | 'partner', issuer: string): LeakPattern {
  const header = `${HEADER_START}${HEADER_MIDDLE}${base64url(`"typ":"${audience}+jwt"}`)}`;
  const payloadStart = base64url(`{"iss":"${issuer}"`);
  return {
    type,
    description,
    keyword: payloadStart,
    check: 'signature',
    regex: `${header}\\.${payloadStart}${CLAIMS}\\.${SIGNATURE}\\b`,
  };
}

function base64url(text: string): string {
  return Buffer.from(text).toString('base64url');
}
