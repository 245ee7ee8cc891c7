import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readHash } from './exported-hash.js';

const ALGORITHMS = ['sha256', 'sha512'] as const;

describe.each(ALGORITHMS)('a %s hash', (algorithm) => {
  const hashOf = (text: string) => createHash(algorithm).update(text);

  it('is the same in each encoding', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        const stored = hashOf(text).digest('hex');
        const written = [
          stored,
          stored.toUpperCase(),
          hashOf(text).digest('base64'),
          hashOf(text).digest('base64').replace(/==?$/, ''),
          hashOf(text).digest('base64url'),
        ];
        for (const each of written) expect(readHash(each, algorithm)).toEqual({ stored });
      }),
    );
  });

  it('is refused when a character is missing, added or changed to one of no encoding', () => {
    fc.assert(
      fc.property(
        fc.string(),
        fc.constantFrom('hex', 'base64', 'base64url' as const),
        fc.nat(),
        (text, encoding, at) => {
          const written = hashOf(text).digest(encoding as 'hex');
          const index = at % written.replace(/=/g, '').length;
          const others = [
            written.slice(0, index) + written.slice(index + 1),
            `${written.slice(0, index)}a${written.slice(index)}`,
            `${written.slice(0, index)}~${written.slice(index + 1)}`,
            ` ${written}`,
            `${written}=`,
          ];
          for (const each of others.filter((other) => other.replace(/=+$/, '') !== written.replace(/=+$/, ''))) {
            expect(readHash(each, algorithm)).toEqual({ problem: expect.any(String) });
          }
        },
      ),
    );
  });
});

describe('other hashes', () => {
  it.each([
    ['MD5', createHash('md5').update('x').digest('hex')],
    ['SHA-1', createHash('sha1').update('x').digest('hex')],
    ['a truncated SHA-256', createHash('sha256').update('x').digest('hex').slice(0, 32)],
    ['a text', 'x'],
    ['nothing', ''],
  ])('%s is refused', (_name, hash) => {
    for (const algorithm of [...ALGORITHMS, 'argon2', 'bcrypt'] as const) {
      expect(readHash(hash, algorithm)).toEqual({ problem: expect.stringMatching(/^must be /) });
    }
  });

  it('bcrypt and argon2 are stored as they are', () => {
    const hashes = {
      bcrypt: '$2b$10$N9qo8uLOickgx2ZMRZoMyeIjZAgcfl7p92ldGxad68LJZdL17lhWy',
      argon2: `$argon2id$v=19$m=65536,t=3,p=4$${'c'.repeat(22)}$${'d'.repeat(43)}`,
    } as const;
    for (const [algorithm, hash] of Object.entries(hashes)) {
      expect(readHash(hash, algorithm as 'bcrypt')).toEqual({ stored: hash });
    }
  });
});
