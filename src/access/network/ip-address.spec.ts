import fc from 'fast-check';
import { isIP } from 'node:net';
import { describe, expect, it } from 'vitest';
import {
  firstOf,
  NOT_ADDRESSES,
  referenceAddress,
  referenceContains,
  someAddress,
  someDubiousText,
  someNetworkOf,
  someTextOf,
  type ReferenceAddress,
} from '../../../test/support/ip-reference.js';
import { canonicalAddress, IpNetworkSet, networkText, parseNetwork, subnetOf, type IpNetwork } from './ip-address.js';

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
  ])('writes %s as %s', (text, canonical) => {
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

  it(
    'agrees with a second implementation on which texts are addresses, and on their value',
    { timeout: 30_000 },
    () => {
      fc.assert(
        fc.property(someDubiousText, (text) => {
          const canonical = canonicalAddress(text);
          expect(canonical === undefined ? undefined : referenceAddress(canonical)).toEqual(referenceAddress(text));
        }),
        { numRuns: 8_000 },
      );
    },
  );
});

describe('subnetOf', () => {
  it.each([
    ['2001:db8:0:1::1', '2001:db8:0:1:ffff:ffff:ffff:ffff'],
    ['2001:db8:0:1::', '2001:db8:0:1:2::'],
    ['2001:db8::1', '2001:db8:0:0:1::1'],
    ['::1', '::2'],
    ['::', '0:0:0:0:1:2:3:4'],
  ])('treats %s and %s as one client: they are in one /64', (one, other) => {
    expect(subnetOf(one)).toBe(subnetOf(other));
  });

  it.each([
    ['2001:db8:0:1::1', '2001:db8:0:2::1'],
    ['2001:db8::1', '2001:db8:0:1::1'],
    ['::1', '1::1'],
    ['203.0.113.7', '203.0.113.6'],
  ])('treats %s and %s as two clients', (one, other) => {
    expect(subnetOf(one)).not.toBe(subnetOf(other));
  });
});

describe('parseNetwork', () => {
  it.each([
    ['10.0.0.0/8', '10.0.0.0/8'],
    ['10.0.0.5', '10.0.0.5'],
    ['10.0.0.5/32', '10.0.0.5'],
    ['128.0.0.0/1', '128.0.0.0/1'],
    ['2001:DB8:0::/32', '2001:db8::/32'],
    ['::1/128', '::1'],
    ['::/64', '::/64'],
    ['::ffff:10.0.0.5', '10.0.0.5'],
    ['::ffff:10.0.0.0/104', '10.0.0.0/8'],
    ['::ffff:a00:0/104', '10.0.0.0/8'],
  ])('reads %s as %s', (text, network) => {
    expect(read(text)).toBe(network);
  });

  it.each([
    ['10.0.0.5/8', '"10.0.0.5/8" has bits set after its prefix: the network is 10.0.0.0/8.'],
    ['10.0.0.5/31', '"10.0.0.5/31" has bits set after its prefix: the network is 10.0.0.4/31.'],
    ['2001:db8::1/33', '"2001:db8::1/33" has bits set after its prefix: the network is 2001:db8::/33.'],
    ['::ffff:10.0.0.5/104', '"::ffff:10.0.0.5/104" has bits set after its prefix: the network is 10.0.0.0/8.'],
    ['0.0.0.0/0', '"0.0.0.0/0" covers every address: say so.'],
    ['10.0.0.5/0', '"10.0.0.5/0" covers every address: say so.'],
    ['::/0', '"::/0" covers every address: say so.'],
    ['::ffff:0:0/96', '"::ffff:0:0/96" covers every address: say so.'],
    ['::ffff:10.0.0.0/8', '"::ffff:10.0.0.0/8" needs a prefix length from 97 to 128 after the slash.'],
    ['10.0.0.0/33', '"10.0.0.0/33" needs a prefix length from 1 to 32 after the slash.'],
    ['2001:db8::/129', '"2001:db8::/129" needs a prefix length from 1 to 128 after the slash.'],
    ['10.0.0.0/', '"10.0.0.0/" needs a prefix length from 1 to 32 after the slash.'],
    ['10.0.0.0/08', '"10.0.0.0/08" needs a prefix length from 1 to 32 after the slash.'],
    ['10.0.0.0/-1', '"10.0.0.0/-1" needs a prefix length from 1 to 32 after the slash.'],
    ['10.0.0.0/8/8', '"10.0.0.0/8/8" needs a prefix length from 1 to 32 after the slash.'],
    ['10.0.0.0/255.0.0.0', '"10.0.0.0/255.0.0.0" needs a prefix length from 1 to 32 after the slash.'],
    ['10.0.0.0/ 8', '"10.0.0.0/ 8" needs a prefix length from 1 to 32 after the slash.'],
    ['', '"" is not an IP address or a CIDR network.'],
    [' 10.0.0.1', '" 10.0.0.1" is not an IP address or a CIDR network.'],
    ['010.0.0.1', '"010.0.0.1" is not an IP address or a CIDR network.'],
    ['10.0.0.1-10.0.0.9', '"10.0.0.1-10.0.0.9" is not an IP address or a CIDR network.'],
    ['fe80::1%eth0', '"fe80::1%eth0" is not an IP address or a CIDR network.'],
    ['fe80::%eth0/64', '"fe80::%eth0/64" is not an IP address or a CIDR network.'],
    ['/8', '"/8" is not an IP address or a CIDR network.'],
  ])('refuses %s and says what to write instead', (text, sentence) => {
    expect(read(text)).toBe(sentence);
  });

  it('answers a huge entry with a short sentence', () => {
    expect(read('x'.repeat(1_000_000)).length).toBeLessThan(150);
  });

  it(
    'accepts exactly what a second implementation accepts, and names the intended network for others',
    { timeout: 30_000 },
    () => {
      const dubiousPrefix = fc.oneof(fc.nat(130).map(String), fc.constantFrom('', '08', '+8', '8.0', '1e1', '٨'));
      fc.assert(
        fc.property(
          fc.oneof(
            someAddress.chain((address) => someTextOf(address)),
            someDubiousText.filter((text) => !text.includes('/')),
          ),
          dubiousPrefix,
          (written, prefix) => {
            const address = referenceAddress(written);
            const mappedBits = address?.bits === 32 && written.includes(':') ? 96 : 0;
            const prefixBits = String(Number(prefix)) === prefix ? Number(prefix) - mappedBits : -1;
            const sentence = read(`${written}/${prefix}`);
            const refusal = refusalOf(address, prefixBits);
            if (address === undefined || refusal !== undefined) {
              expect(sentence).toContain(refusal);
              return;
            }
            const first = firstOf({ ...address, prefixBits });
            const network = first.value === address.value ? sentence : /network is (.*)\.$/.exec(sentence)?.[1];
            const [start = '', length] = (network ?? '').split('/');
            expect(referenceAddress(start)).toEqual(first);
            expect(Number(length ?? address.bits)).toBe(prefixBits);
          },
        ),
        { numRuns: 8_000 },
      );
    },
  );
});

describe('IpNetworkSet', () => {
  it('keeps the families apart: an IPv6 network never allows IPv4 by its mapped form', () => {
    const networks = new IpNetworkSet([networkOf('::/64')]);
    expect([networks.has('::1'), networks.has('1.2.3.4'), networks.has('::1:0:0:0:1')]).toEqual([true, false, false]);
  });

  it('holds nothing when it is empty', () => {
    const networks = new IpNetworkSet([]);
    expect([networks.has('127.0.0.1'), networks.has('::1')]).toEqual([false, false]);
  });

  it('agrees with a second implementation on every address and set of networks', { timeout: 30_000 }, () => {
    const cases = fc.array(someAddress, { minLength: 1, maxLength: 5 }).chain((addresses) =>
      fc.record({
        networks: fc.array(fc.constantFrom(...addresses).chain(someNetworkOf), { maxLength: 4 }),
        asked: fc.oneof(fc.constantFrom(...addresses), someAddress),
        flippedBit: fc.option(fc.nat(127)),
      }),
    );
    fc.assert(
      fc.property(cases, ({ networks, asked, flippedBit }) => {
        // One bit beside an address is where an off-by-one in a mask would show.
        const flip = flippedBit === null ? 0n : 1n << BigInt(flippedBit % asked.bits);
        const address = { bits: asked.bits, value: asked.value ^ flip };
        const set = new IpNetworkSet(
          networks.map((network) => networkOf(`${plainText(firstOf(network))}/${network.prefixBits}`)),
        );
        const canonical = canonicalAddress(plainText(address)) ?? '';
        const expected = referenceAddress(canonical)!;
        expect(set.has(canonical)).toBe(networks.some((network) => referenceContains(network, expected)));
      }),
      { numRuns: 8_000 },
    );
  });
});

/** The canonical text of a network, or the sentence that refuses it. */
function read(text: string): string {
  const parsed = parseNetwork(text, 'say so');
  return 'problem' in parsed ? parsed.problem : networkText(parsed.network);
}

function networkOf(text: string): IpNetwork {
  const parsed = parseNetwork(text, 'say so');
  if ('problem' in parsed) throw new Error(parsed.problem);
  return parsed.network;
}

function refusalOf(address: ReferenceAddress | undefined, prefixBits: number): string | undefined {
  if (address === undefined) return 'is not an IP address';
  if (prefixBits < 0 || prefixBits > address.bits) return 'needs a prefix length';
  return prefixBits === 0 ? 'covers every address' : undefined;
}

function plainText({ bits, value }: { bits: 32 | 128; value: bigint }): string {
  const width = bits === 32 ? 8 : 16;
  const parts = Array.from({ length: bits / width }, (_, index) =>
    Number((value >> BigInt(bits - width * (index + 1))) & ((1n << BigInt(width)) - 1n)).toString(
      bits === 32 ? 10 : 16,
    ),
  );
  return parts.join(bits === 32 ? '.' : ':');
}
