import { randomBytes } from 'node:crypto';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { KeyRing } from './key-ring.js';
import { LinkSigner } from './link-signer.js';

const PATH = '/media/0123456789abcdef0123456789abcdef';
const OURS = Buffer.alloc(32, 1);
const signer = new LinkSigner(KeyRing.of(OURS));

beforeEach(() => vi.useFakeTimers({ now: new Date('2026-01-01T00:00:00Z'), toFake: ['Date'] }));
afterEach(() => vi.useRealTimers());

const queryOf = (link: string) => {
  const { searchParams } = new URL(link, 'http://localhost');
  return { expires: searchParams.get('expires'), signature: searchParams.get('signature') };
};

it('a link is valid until it expires, in every process that has the key', () => {
  const query = queryOf(signer.sign(PATH, 900));
  expect(query.expires).toBe(String(Date.parse('2026-01-01T00:15:00Z') / 1000));
  const elsewhere = new LinkSigner(KeyRing.of(OURS));
  vi.setSystemTime(new Date('2026-01-01T00:14:59.999Z'));
  expect([signer.allows(PATH, query), elsewhere.allows(PATH, query)]).toEqual([true, true]);
  vi.setSystemTime(new Date('2026-01-01T00:15:00Z'));
  expect(signer.allows(PATH, query)).toBe(false);
});

it('a link is valid only for its path and time, under the key that signed it', () => {
  const { expires, signature } = queryOf(signer.sign(PATH, 900));
  const later = String(Number(expires) + 1);
  expect(signer.allows(PATH, { expires: later, signature })).toBe(false);
  expect(signer.allows(PATH.replace('0', '1'), { expires, signature })).toBe(false);
  expect(new LinkSigner(KeyRing.of(randomBytes(32))).allows(PATH, { expires, signature })).toBe(false);
});

it('no other spelling of a signature is valid', () => {
  const { expires, signature } = queryOf(signer.sign(PATH, 900));
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
  const spellings = [...alphabet].map((last) => signature!.slice(0, -1) + last);
  const valid = [...spellings, `${signature}=`, `${signature} `].filter((each) =>
    signer.allows(PATH, { expires, signature: each }),
  );
  expect(valid).toEqual([signature]);
});

it('a link signed by any key of the ring is valid, so links survive key rotation', () => {
  const next = randomBytes(32);
  const [before, during, after] = [KeyRing.of(OURS, next), KeyRing.of(next, OURS), KeyRing.of(next)];
  const good = [before, during].flatMap((signing) =>
    [before, during].map((verifying) =>
      new LinkSigner(verifying).allows(PATH, queryOf(new LinkSigner(signing).sign(PATH, 900))),
    ),
  );
  expect(good).toEqual([true, true, true, true]);
  expect(new LinkSigner(after).allows(PATH, queryOf(signer.sign(PATH, 900)))).toBe(false);
});

it.each([
  ['nothing', undefined],
  ['an empty text', ''],
  ['a text that is no signature', 'nonsense'],
  ['two texts', ['a', 'b']],
  ['an object', { a: 'b' }],
])('%s is not a valid signature', (_, signature) => {
  const { expires } = queryOf(signer.sign(PATH, 900));
  expect(signer.allows(PATH, { expires, signature })).toBe(false);
  expect(signer.allows(PATH, { expires: signature, signature: 'nonsense' })).toBe(false);
});
