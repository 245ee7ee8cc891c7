import fc from 'fast-check';
import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import {
  digestOf,
  isToken64Hex,
  isWellFormedOpaqueKey,
  isWellFormedPairKey,
  isWellFormedPairSecret,
  maskCredential,
  mintKeyPair,
  mintOpaqueKey,
  mintToken64Hex,
} from './credential-format.js';

const CHARACTERS = [...Array.from({ length: 256 }, (_, code) => String.fromCharCode(code)), 'İ', 'А', '０', '\ud83d'];

/** CRC-32 (IEEE 802.3) a second time, bit by bit. */
function referenceCrc32(text: string): number {
  let crc = 0xffffffff;
  for (const byte of Buffer.from(text)) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = (crc >>> 1) ^ (crc & 1 ? 0xedb88320 : 0);
  }
  return ~crc >>> 0;
}

/** A body and its checksum, plus what the checksum is moved by, in six base62 digits. */
function withChecksum(body: string, moved = 0): string {
  let rest = referenceCrc32(body) + moved;
  const digits = Array.from({ length: 6 }, () => {
    const value = rest % 62;
    rest = Math.floor(rest / 62);
    return String.fromCharCode(value + (value < 10 ? 48 : value < 36 ? 55 : 61));
  });
  return body + digits.reverse().join('');
}

/** All texts that differ from this one in one character: another one, one more, one less, two swapped. */
function oneCharacterChanges(token: string): string[] {
  return Array.from({ length: token.length + 1 }, (_, at) => {
    const [before, here, after] = [token.slice(0, at), token.slice(at, at + 1), token.slice(at + 1)];
    const swapped = before + after.slice(0, 1) + here + after.slice(1);
    return [...CHARACTERS.flatMap((c) => [before + c + after, before + c + here + after]), before + after, swapped];
  })
    .flat()
    .filter((changed) => changed !== token);
}

describe('opaque keys', () => {
  it('have a prefix, an environment, 43 base62 characters and 6 of checksum', () => {
    expect(mintOpaqueKey('ocx', 'live')).toMatch(/^ocx_live_[0-9A-Za-z]{49}$/);
    expect(mintOpaqueKey('acme2', 'test')).toMatch(/^acme2_test_[0-9A-Za-z]{49}$/);
  });

  it('end in the CRC-32 of the text before it, as exactly 6 base62 digits', () => {
    const body = 'ocx_live_0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefg';
    expect(withChecksum(body)).toBe('ocx_live_0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefg3imJS2');
    const minted = Array.from({ length: 200 }, () => mintOpaqueKey('ocx', 'live'));
    expect(minted.filter((key) => withChecksum(key.slice(0, -6)) !== key)).toEqual([]);
    const texts = [0, 1, -1, 2 ** 24, 2 ** 32, 2 ** 33].map((moved) => withChecksum(body, moved));
    expect(texts.filter((text) => isWellFormedOpaqueKey(text, 'ocx', 'live'))).toEqual([withChecksum(body)]);
  });

  it('are refused with a body of another length or alphabet, even when the checksum fits', () => {
    const bodies = [
      'a'.repeat(42),
      'a'.repeat(44),
      '',
      `${'a'.repeat(42)}-`,
      `${'a'.repeat(42)}é`,
      `${'a'.repeat(42)} `,
    ];
    const keys = bodies.map((body) => withChecksum(`ocx_live_${body}`));
    expect(keys.filter((key) => isWellFormedOpaqueKey(key, 'ocx', 'live'))).toEqual([]);
  });

  it('are well-formed for their own prefix and environment only', () => {
    const key = mintOpaqueKey('ocx', 'live');
    const asked = [
      ['ocx', 'live'],
      ['ocx', 'test'],
      ['oc', 'live'],
      ['ocxx', 'live'],
      ['abc', 'live'],
    ] as const;
    expect(asked.filter(([prefix, environment]) => isWellFormedOpaqueKey(key, prefix, environment))).toEqual([
      asked[0],
    ]);
  });

  it('are refused after every one-character change', { timeout: 30_000 }, () => {
    const keys = Array.from({ length: 5 }, () => mintOpaqueKey('ocx', 'live'));
    const accepted = keys
      .flatMap(oneCharacterChanges)
      .filter((changed) => isWellFormedOpaqueKey(changed, 'ocx', 'live'));
    expect(accepted).toEqual([]);
  });

  it('are refused when they are too long or malformed', () => {
    const [start, key] = ['ocx_live_', mintOpaqueKey('ocx', 'live')];
    const sent = [
      '',
      start,
      key.repeat(2),
      `${key} `,
      `Bearer ${key}`,
      start + 'a'.repeat(1_000_000),
      start + '0'.repeat(49),
    ];
    expect(sent.filter((token) => isWellFormedOpaqueKey(token, 'ocx', 'live'))).toEqual([]);
  });

  it('are always well-formed when minted, and differ', () => {
    const keys = Array.from({ length: 2_000 }, () => mintOpaqueKey('ocx', 'live'));
    expect(keys.filter((key) => !isWellFormedOpaqueKey(key, 'ocx', 'live'))).toEqual([]);
    expect(new Set(keys).size).toBe(keys.length);
  });

  it('use all 62 characters evenly in the random part', () => {
    const counts = new Map<string, number>();
    // The first digit of 43 only reaches 60: it is what makes 2^256 fit.
    for (let round = 0; round < 2_000; round++) {
      for (const character of mintOpaqueKey('ocx', 'live').slice(10, 52)) {
        counts.set(character, (counts.get(character) ?? 0) + 1);
      }
    }
    const mean = (2_000 * 42) / 62;
    const uneven = [...counts].filter(([, count]) => Math.abs(count - mean) > 7 * Math.sqrt(mean));
    expect([counts.size, uneven]).toEqual([62, []]);
  });
});

describe('key and secret', () => {
  it('have 22 base62 characters; 43 and 6 of checksum', () => {
    const { key, secret } = mintKeyPair('ocx');
    expect(key).toMatch(/^ocx_key_[0-9A-Za-z]{22}$/);
    expect(secret).toMatch(/^ocx_sec_[0-9A-Za-z]{49}$/);
    expect([isWellFormedPairKey(key, 'ocx'), isWellFormedPairSecret(secret, 'ocx')]).toEqual([true, true]);
  });

  it('are not accepted for each other, with another prefix or as an opaque key', () => {
    const { key, secret } = mintKeyPair('ocx');
    const opaque = mintOpaqueKey('ocx', 'live');
    expect(
      [secret, opaque, '', `${key}0`, key.slice(1), key.replace('ocx', 'abc')].filter((t) =>
        isWellFormedPairKey(t, 'ocx'),
      ),
    ).toEqual([]);
    expect([key, opaque, '', secret.replace('sec', 'key')].filter((t) => isWellFormedPairSecret(t, 'ocx'))).toEqual([]);
    expect(isWellFormedOpaqueKey(secret, 'ocx', 'live')).toBe(false);
  });

  it('a secret is refused after every one-character change', () => {
    const changes = oneCharacterChanges(mintKeyPair('ocx').secret);
    expect(changes.filter((changed) => isWellFormedPairSecret(changed, 'ocx'))).toEqual([]);
  });

  it('a key is refused when a character is not base62', () => {
    const { key } = mintKeyPair('ocx');
    const changed = ['_', '-', '+', '/', ':', '@', '[', '`', '{', 'é', ' '].map((c) => key.slice(0, -1) + c);
    expect(changed.filter((token) => isWellFormedPairKey(token, 'ocx'))).toEqual([]);
  });
});

describe('tokens of 64 hex characters', () => {
  it('are 256 random bits, and recognised', () => {
    const tokens = Array.from({ length: 1_000 }, mintToken64Hex);
    expect(tokens.filter((token) => !isToken64Hex(token))).toEqual([]);
    expect(new Set(tokens).size).toBe(tokens.length);
  });

  it('are recognised in lower case and at full length only', () => {
    const token = `${mintToken64Hex().slice(1)}a`;
    const changed = ['', token.slice(1), `${token}a`, token.toUpperCase(), `${token.slice(1)}g`, `${token.slice(1)}\n`];
    expect(changed.filter(isToken64Hex)).toEqual([]);
  });
});

describe('digestOf', () => {
  it('is the SHA-256 of the whole token in hex', () => {
    expect(digestOf('abc')).toBe('ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad');
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (token) => {
        expect(digestOf(token)).toBe(createHash('sha256').update(token, 'utf8').digest('hex'));
      }),
    );
  });
});

describe('maskCredential', () => {
  it.each([
    [`ocx_live_${'a'.repeat(45)}x7Qa`, 'ocx_live_…x7Qa'],
    [`acme2_test_${'a'.repeat(45)}x7Qa`, 'acme2_test_…x7Qa'],
    [`ocx_key_${'a'.repeat(18)}x7Qa`, 'ocx_key_…x7Qa'],
    [`ocx_sec_${'a'.repeat(45)}x7Qa`, 'ocx_sec_…x7Qa'],
    [`eyJhbGciOiJFZERTQSJ9.eyJzdWIiOiJ4In0.${'a_b-'.repeat(20)}x7Qa`, 'eyJhbGci…x7Qa'],
    [`${'0'.repeat(60)}beef`, '…beef'],
    [`${'-'.repeat(60)}beef`, '…beef'],
    ['ocx_live_short', '…'],
    ['', '…'],
  ])('shows of %s only %s', (token, mask) => {
    expect(maskCredential(token)).toBe(mask);
  });

  it('never shows more than the prefix and four random characters', () => {
    const { key, secret } = mintKeyPair('ocx');
    const tokens = [mintOpaqueKey('ocx', 'live'), key, secret, mintToken64Hex()];
    expect(tokens.filter((token) => maskCredential(token).replace(/^ocx_\w+_/, '').length !== 5)).toEqual([]);
  });
});
