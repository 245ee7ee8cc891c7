import { randomBytes } from 'node:crypto';
import { expect, it } from 'vitest';
import { mintKeyPair, mintOpaqueKey, mintToken64Hex } from './credential-format.js';
import { shownUserAgent } from './shown-user-agent.js';

const jwtPart = () => randomBytes(60).toString('base64url');

it.each([
  'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Safari/537.36',
  'python-requests/2.32.3',
  'okhttp/4.12.0',
  'PostmanRuntime/7.39.0',
  'harbour-sync (+https://harbour.example/bot; run 0198c1b2-5d4e-7a10-8f3b-2c6d9e0a1b2c)',
])('stays as it is: %s', (header) => {
  expect(shownUserAgent(header)).toBe(header);
});

it('is null without the header', () => {
  expect([shownUserAgent(undefined), shownUserAgent('')]).toEqual([null, null]);
});

it('is cut to 200 characters', () => {
  expect(shownUserAgent('word '.repeat(100))).toBe('word '.repeat(40));
});

it('holds no credential, wherever it stands', () => {
  const pair = mintKeyPair('ocx');
  const jwt = `eyJhbGciOiJFZERTQSJ9.${jwtPart()}.${jwtPart()}`;
  const secrets = [mintOpaqueKey('ocx', 'live'), pair.key, pair.secret, mintToken64Hex(), ...jwt.split('.').slice(1)];
  const around = [
    (text: string) => text,
    (text: string) => `sync/1.0 key=${text}; x`,
    (text: string) => `Bearer ${text}`,
  ];
  // Cut in the middle.
  around.push((text) => `${'word '.repeat(36)}${text}`);
  const leaks = [...secrets, jwt].flatMap((secret) =>
    around
      .map((put) => shownUserAgent(put(secret))!)
      .filter((shown) => shown.includes(secret.slice(-40, -8).slice(0, 16))),
  );
  expect(leaks).toEqual([]);
});

it('names the kind and the end of an opaque key', () => {
  const key = mintOpaqueKey('ocx', 'live');
  expect(shownUserAgent(key)).toBe(`ocx_live_…${key.slice(-4)}`);
});
