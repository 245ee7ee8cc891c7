import { exportJWK, generateKeyPair, SignJWT } from 'jose';
import { randomUUID } from 'node:crypto';
import { parse } from 'yaml';
import { describe, expect, it } from 'vitest';
import { mintKeyPair, mintOpaqueKey } from '../../access/credentials/credential-format.js';
import { type LeakPattern, leakPatterns } from './leak-patterns.js';
import { LEAK_RULE_FORMATS, leakRules } from './leak-rules.js';

const ISSUER = randomUUID();
const NAMES = { keyPrefix: 'ocx', keyEnvironment: 'live' } as const;
const patterns = leakPatterns(NAMES, ISSUER);
const [apiKey, agentSecret, orgToken, partnerToken] = patterns as [LeakPattern, LeakPattern, LeakPattern, LeakPattern];
const pairKey = agentSecret.pairedWith!;

const CONTEXTS: readonly ((token: string) => string)[] = [
  (token) => token,
  (token) => `KEY=${token}\n`,
  (token) => `{"api_key":"${token}"}`,
  (token) => `Authorization: Bearer ${token}\r\n`,
  (token) => `?token=Bearer%20${token}&next=1`,
  (token) => `const key = '${token}';`,
  (token) => `<b>${token}</b>`,
  (token) => `user:${token}@host`,
];

function matchesOf(regex: string, text: string): string[] {
  return [...text.matchAll(new RegExp(regex, 'g'))].map(([match]) => match);
}

/** Shannon's, in bits for each character, as gitleaks and TruffleHog count it. */
function entropyOf(text: string): number {
  const counts = new Map<string, number>();
  for (const character of text) counts.set(character, (counts.get(character) ?? 0) + 1);
  return [...counts.values()].reduce((sum, count) => sum - (count / text.length) * Math.log2(count / text.length), 0);
}

async function jwt(audience: string, issuer = ISSUER): Promise<string> {
  const { privateKey } = await generateKeyPair('EdDSA', { crv: 'Ed25519', extractable: true });
  expect(await exportJWK(privateKey)).toMatchObject({ crv: 'Ed25519' });
  return new SignJWT()
    .setProtectedHeader({ alg: 'EdDSA', kid: randomUUID(), typ: `${audience}+jwt` })
    .setIssuer(issuer)
    .setAudience(audience)
    .setSubject(randomUUID())
    .setJti(randomUUID())
    .setIssuedAt()
    .sign(privateKey);
}

describe('the patterns of leaked keys', () => {
  it('find every minted key, wherever it stands in a text', () => {
    for (let round = 0; round < 2_000; round++) {
      const pair = mintKeyPair('ocx');
      const minted = [
        [apiKey, mintOpaqueKey('ocx', 'live')],
        [agentSecret, pair.secret],
        [pairKey, pair.key],
      ] as const;
      const context = CONTEXTS[round % CONTEXTS.length]!;
      for (const [{ regex }, token] of minted) expect(matchesOf(regex, context(token))).toEqual([token]);
    }
  });

  it('find tokens of this installation only, by audience', async () => {
    const [org, partner, other] = [await jwt('org'), await jwt('partner'), await jwt('org', randomUUID())];
    for (const context of CONTEXTS) {
      expect(matchesOf(orgToken.regex, context(org))).toEqual([org]);
      expect(matchesOf(partnerToken.regex, context(partner))).toEqual([partner]);
    }
    expect(matchesOf(orgToken.regex, `${partner} ${other}`)).toEqual([]);
    expect(org).toContain(orgToken.keyword);
  });

  it('find no key that is too long, too short, masked, or of the other environment', () => {
    const key = mintOpaqueKey('ocx', 'live');
    for (const text of [
      `${key}0`,
      key.slice(0, -1),
      'ocx_live_…x7Qa',
      mintOpaqueKey('ocx', 'test'),
      key.toUpperCase(),
    ]) {
      expect(matchesOf(apiKey.regex, text)).toEqual([]);
    }
  });

  it('use only what RE2 and JavaScript have in common', () => {
    const COMMON = /^(?:[A-Za-z0-9_]|\\[.b]|\[[A-Za-z0-9_-]+\](?=\{|\\b|$)|\{\d{1,3}(?:,\d{1,3})?\})+$/;
    for (const { regex } of [...patterns, pairKey]) expect(regex).toMatch(COMMON);
  });

  it('have a keyword and an entropy that each match has', () => {
    for (let round = 0; round < 2_000; round++) {
      for (const token of [mintOpaqueKey('ocx', 'live'), mintKeyPair('ocx').secret]) {
        expect(entropyOf(token)).toBeGreaterThan(4);
      }
    }
    expect(entropyOf(`ocx_live_${'x'.repeat(49)}`)).toBeLessThan(3);
    for (const { regex, keyword } of patterns) expect(regex).toContain(keyword);
  });
});

describe('the rules', () => {
  it('for TruffleHog are YAML with the expressions as they are, and a secret only together with its key', () => {
    const { detectors } = parse(leakRules('trufflehog', patterns, 'https://keys.example')) as {
      detectors: { name: string; keywords: string[]; regex: Record<string, string>; verify?: unknown }[];
    };
    expect(detectors.map(({ name, regex }) => [name, Object.values(regex)])).toEqual([
      [apiKey.type, [apiKey.regex]],
      [agentSecret.type, [pairKey.regex, agentSecret.regex]],
      [orgToken.type, [orgToken.regex]],
      [partnerToken.type, [partnerToken.regex]],
    ]);
    expect(detectors.map(({ keywords }) => keywords)).toEqual(patterns.map(({ keyword }) => [keyword]));
    expect(detectors.filter(({ verify }) => verify !== undefined)).toEqual([]);
  });

  it('for GitHub name each type, its expression and the endpoint', () => {
    const text = leakRules('github', patterns, 'https://keys.example');
    expect(text).toContain('https://keys.example/leaks/github');
    for (const { type, regex } of patterns) {
      expect(text).toContain(`## ${type}\n`);
      expect(text).toContain(regex);
    }
    expect(text.match(/Paired with/g)).toHaveLength(1);
  });

  it.each(LEAK_RULE_FORMATS)('for %s say what an expression cannot check', (format) => {
    const text = leakRules(format, patterns, 'https://keys.example');
    expect(text).toContain('CRC-32');
    expect(text).toContain('Ed25519');
  });
});
