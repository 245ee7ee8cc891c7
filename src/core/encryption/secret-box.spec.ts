import { createCipheriv, randomBytes } from 'node:crypto';
import { expect, it } from 'vitest';
import { KeyRing } from './key-ring.js';
import { SecretBox } from './secret-box.js';

const PURPOSE = 'integrations.credentials';
const [OLD, NEXT] = [Buffer.alloc(32, 1), Buffer.alloc(32, 2)];
const [before, during, after] = [KeyRing.of(OLD, NEXT), KeyRing.of(NEXT, OLD), KeyRing.of(NEXT)].map(
  (ring) => new SecretBox(ring),
) as [SecretBox, SecretBox, SecretBox];

/** A seal from before seals named their key. */
function unmarkedSeal(text: string, nonce: Buffer): Buffer {
  const cipher = createCipheriv('aes-256-gcm', OLD, nonce).setAAD(Buffer.from(PURPOSE));
  const ciphertext = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()]);
  return Buffer.concat([nonce, cipher.getAuthTag(), ciphertext]);
}

it('a seal opens with every ring that has its key, and with no other', () => {
  const sealed = before.seal('secret', PURPOSE);
  expect([before, during].map((box) => box.open(sealed, PURPOSE))).toEqual(['secret', 'secret']);
  expect(() => after.open(sealed, PURPOSE)).toThrow('ENCRYPTION_KEYS_OLD');
  const moved = during.seal('secret', PURPOSE);
  expect([before, during, after].map((box) => box.open(moved, PURPOSE))).toEqual(['secret', 'secret', 'secret']);
});

it('a seal names its key without revealing it', () => {
  const sealed = before.seal('secret', PURPOSE);
  expect([before, during, after].map((box) => box.keyOf(sealed))).toEqual(['current', 'older', 'unknown']);
  expect(sealed.subarray(0, before.currentPrefix.length)).toEqual(before.currentPrefix);
  expect(before.currentPrefix.includes(OLD.subarray(0, 4))).toBe(false);
});

it.each([
  ['a random nonce', Buffer.alloc(12, 7)],
  [
    'a nonce that looks like the mark of another key',
    Buffer.concat([Buffer.from('GHS\x02', 'latin1'), randomBytes(8)]),
  ],
  ['a nonce that looks like its own mark', before.currentPrefix],
])('a seal from before seals said their key, with %s, opens under each of them', (_, nonce) => {
  const sealed = unmarkedSeal('secret', nonce);
  expect([before, during].map((box) => box.open(sealed, PURPOSE))).toEqual(['secret', 'secret']);
  expect(() => after.open(sealed, PURPOSE)).toThrow();
});

it('a seal that is truncated, altered or for another purpose does not open', () => {
  const sealed = before.seal('secret', PURPOSE);
  for (let length = 0; length < sealed.length; length++) {
    expect(before.tryOpen(sealed.subarray(0, length), PURPOSE)).toBe(undefined);
  }
  for (let at = 0; at < sealed.length; at++) {
    const altered = Buffer.from(sealed);
    altered[at]! ^= 1;
    expect(before.tryOpen(altered, PURPOSE)).toBe(undefined);
  }
  expect(before.tryOpen(sealed, `${PURPOSE} another row`)).toBe(undefined);
});
