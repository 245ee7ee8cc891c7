import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  referenceContains,
  firstOf,
  someAddress,
  someNetworkOf,
  someTextOf,
} from '../../../test/support/ip-reference.js';
import { ALLOWED_IPS_MAX, IpAllowList, validateAllowedIps } from './ip-allow-list.js';

describe('validateAllowedIps', () => {
  it('accepts an empty list, which allows any address', () => {
    expect(validateAllowedIps([])).toEqual({ entries: [] });
  });

  it('keeps the order and writes each entry canonically', () => {
    expect(
      validateAllowedIps(['2001:DB8::/32', '10.0.0.0/8', '203.0.113.7/32', '::ffff:198.51.100.1', '::1/128']),
    ).toEqual({
      entries: ['2001:db8::/32', '10.0.0.0/8', '203.0.113.7', '198.51.100.1', '::1'],
    });
  });

  it('names every refused entry and what to write instead', () => {
    expect(validateAllowedIps(['10.0.0.5/8', '1.1.1.1', '0.0.0.0/0', '::/0', 'example.com', '10.0.0.0/33'])).toEqual({
      problems: [
        '"10.0.0.5/8" has bits set after its prefix: the network is 10.0.0.0/8.',
        '"0.0.0.0/0" covers every address: leave the list empty to allow any address.',
        '"::/0" covers every address: leave the list empty to allow any address.',
        '"example.com" is not an IP address or a CIDR network.',
        '"10.0.0.0/33" needs a prefix length from 1 to 32 after the slash.',
      ],
    });
  });

  it('refuses the same network twice, however it is written', () => {
    expect(validateAllowedIps(['1.1.1.1', '::ffff:101:101', '::1', '0:0::1/128', '10.0.0.0/8', '10.1.0.0/16'])).toEqual(
      {
        problems: ['"::ffff:101:101" is listed twice.', '"0:0::1/128" is listed twice.'],
      },
    );
  });

  it('accepts 100 entries and refuses 101', () => {
    const entries = Array.from({ length: ALLOWED_IPS_MAX }, (_, index) => `10.0.0.${index}`);
    expect(validateAllowedIps(entries)).toEqual({ entries });
    expect(validateAllowedIps([...entries, '10.0.1.0'])).toEqual({ problems: ['At most 100 entries are allowed.'] });
  });
});

describe('IpAllowList', () => {
  it.each([
    [[], undefined, true],
    [[], '203.0.113.7', true],
    [['203.0.113.7'], '203.0.113.7', true],
    [['203.0.113.7'], '::ffff:203.0.113.7', true],
    [['203.0.113.7'], '203.0.113.8', false],
    [['10.0.0.0/8'], '10.255.255.255', true],
    [['10.0.0.0/8'], '11.0.0.0', false],
    [['2001:db8::/32'], '2001:DB8:ffff::', true],
    [['2001:db8::/32'], '2001:db9::', false],
    [['::1'], '127.0.0.1', false],
    [['::/64'], '203.0.113.7', false],
    [['10.0.0.0/8'], undefined, false],
    [['10.0.0.0/8'], '', false],
    [['10.0.0.0/8'], '10.0.0.1:80', false],
    [['fe80::/10'], 'fe80::1%eth0', false],
  ])('with %j answers %s with %s', (entries, address, allowed) => {
    expect(new IpAllowList(entries).allows(address)).toBe(allowed);
  });

  it('throws on an invalid entry, because an empty list would allow any address', () => {
    expect(() => new IpAllowList(['10.0.0.5/8'])).toThrow('the network is 10.0.0.0/8');
  });

  it('allows exactly what a second implementation allows, for every list that is accepted', { timeout: 30_000 }, () => {
    const cases = fc.array(someAddress, { minLength: 1, maxLength: 4 }).chain((addresses) =>
      fc.record({
        networks: fc.uniqueArray(fc.constantFrom(...addresses).chain(someNetworkOf), {
          minLength: 1,
          maxLength: 4,
          selector: (network) => `${network.bits} ${firstOf(network).value} ${network.prefixBits}`,
        }),
        asked: fc
          .oneof(fc.constantFrom(...addresses), someAddress)
          .chain((address) => fc.tuple(fc.constant(address), someTextOf(address))),
        seed: fc.nat(),
      }),
    );
    fc.assert(
      fc.property(cases, ({ networks, asked: [address, text], seed }) => {
        const written = networks.map((network) => {
          const [start] = fc.sample(someTextOf(firstOf(network), false), { numRuns: 1, seed });
          return `${start}/${network.prefixBits}`;
        });
        const result = validateAllowedIps(written);
        if ('problems' in result) throw new Error(result.problems.join(' '));
        const expected = networks.some((network) => referenceContains(network, address));
        expect(new IpAllowList(result.entries).allows(text)).toBe(expected);
      }),
      { numRuns: 3_000 },
    );
  });
});
