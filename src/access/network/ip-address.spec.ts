import fc from 'fast-check';
import { isIP } from 'node:net';
import { describe, expect, it } from 'vitest';
import {
  NOT_ADDRESSES,
  referenceAddress,
  someAddress,
  someDubiousText,
  someTextOf,
} from '../../../test/support/ip-reference.js';
import { addressBytes, addressText, canonicalAddress } from './ip-address.js';

describe('canonicalAddress', () => {
  it.each([
    ['1.2.3.4', '1.2.3.4'],
    ['0.0.0.0', '0.0.0.0'],
    ['::ffff:1.2.3.4', '1.2.3.4'],
    ['::FFFF:1.2.3.4', '1.2.3.4'],
    ['::ffff:102:304', '1.2.3.4'],
    ['0:0:0:0:0:ffff:0102:0304', '1.2.3.4'],
    ['0000:0000:0000:0000:0000:FFFF:255.255.255.255', '255.255.255.255'],
    ['::ffff:0:0', '0.0.0.0'],
    ['::', '::'],
    ['0:0:0:0:0:0:0:1', '::1'],
    ['2001:DB8:0:0:1:0:0:1', '2001:db8::1:0:0:1'],
    ['2001:db8:0:1:1:1:1:1', '2001:db8:0:1:1:1:1:1'],
    ['1:2:3:4:5:6:7::', '1:2:3:4:5:6:7:0'],
    ['::1.2.3.4', '::102:304'],
    ['64:ff9b::1.2.3.4', '64:ff9b::102:304'],
    ['::ffff:0:1.2.3.4', '::ffff:0:102:304'],
  ])('gives %s its one text, %s', (text, canonical) => {
    expect(canonicalAddress(text)).toBe(canonical);
  });

  it('refuses everything that is not an address: zone ids, octal, ports, brackets, names, blanks', () => {
    expect(NOT_ADDRESSES.filter((text) => canonicalAddress(text) !== undefined)).toEqual([]);
  });

  it('refuses long text without reading it', () => {
    expect(canonicalAddress('1:'.repeat(500_000))).toBeUndefined();
  });

  it(
    'gives every text of an address the same canonical text, which is an address and its own canonical text',
    { timeout: 30_000 },
    () => {
      fc.assert(
        fc.property(
          someAddress.chain((address) => fc.tuple(fc.constant(address), someTextOf(address), someTextOf(address))),
          ([address, one, other]) => {
            const canonical = canonicalAddress(one);
            expect(canonical).toBe(canonicalAddress(other));
            expect(canonicalAddress(canonical ?? '')).toBe(canonical);
            expect(isIP(canonical ?? '')).toBe(address.bits === 32 ? 4 : 6);
            expect(referenceAddress(canonical ?? '')).toEqual(address);
          },
        ),
        { numRuns: 8_000 },
      );
    },
  );

  it('agrees with a second implementation on what is an address, and which', { timeout: 30_000 }, () => {
    fc.assert(
      fc.property(someDubiousText, (text) => {
        const canonical = canonicalAddress(text);
        expect(canonical === undefined ? undefined : referenceAddress(canonical)).toEqual(referenceAddress(text));
      }),
      { numRuns: 8_000 },
    );
  });
});

describe('addressBytes and addressText', () => {
  it('are each other’s inverse on canonical addresses', () => {
    fc.assert(
      fc.property(
        someAddress.chain((address) => someTextOf(address)),
        (text) => {
          const canonical = canonicalAddress(text) ?? '';
          expect(addressText(addressBytes(canonical))).toBe(canonical);
        },
      ),
      { numRuns: 5_000 },
    );
  });
});
