import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  firstOf,
  NOT_ENTRIES,
  referenceAddress,
  referenceContains,
  referenceHost,
  someAddress,
  someDubiousText,
  someEntryOf,
  someNetworkOf,
  someTextOf,
  type ReferenceAddress,
  type ReferenceNetwork,
} from '../../../test/support/ip-reference.js';
import { parseTrustedProxies, resolveClient } from './client-ip.js';
import { canonicalAddress, subnetOf, type IpNetworkSet } from './ip-address.js';

function trust(setting: string): IpNetworkSet {
  const parsed = parseTrustedProxies(setting);
  if ('problems' in parsed) throw new Error(parsed.problems.join(' '));
  return parsed.trusted;
}

function problemsOf(setting: string): string[] {
  const parsed = parseTrustedProxies(setting);
  return 'problems' in parsed ? parsed.problems : [];
}

const EXPECTED = 'expected addresses, CIDR networks, loopback or cloudflare, separated by commas, or none.';

describe('parseTrustedProxies', () => {
  it.each([
    ['loopback', ['127.0.0.1', '127.255.255.255', '::1'], ['128.0.0.0', '::2', '10.0.0.1']],
    ['none', [], ['127.0.0.1', '::1', '10.0.0.1']],
    ['cloudflare', ['173.245.48.1', '104.27.255.255', '2606:4700::1111', '2c0f:f248::'], ['127.0.0.1', '104.28.0.0']],
    [' loopback ,10.0.0.0/8, 2001:db8::1', ['127.0.0.1', '10.9.9.9', '2001:db8::1'], ['2001:db8::2', '11.0.0.0']],
    ['::ffff:10.0.0.0/104', ['10.1.2.3'], ['11.0.0.0', '::a00:1']],
  ])('trusts with "%s" exactly the networks it names', (setting, inside, outside) => {
    const trusted = trust(setting);
    expect(inside.filter((address) => !trusted.has(address))).toEqual([]);
    expect(outside.filter((address) => trusted.has(address))).toEqual([]);
  });

  it.each([
    ['1', [`"1" is a number of hops, which a client can forge: ${EXPECTED}`]],
    ['loopback,2', [`"2" is a number of hops, which a client can forge: ${EXPECTED}`]],
    ['true', [`"true" would trust every client: ${EXPECTED}`]],
    ['TRUE', [`"TRUE" would trust every client: ${EXPECTED}`]],
    ['*', [`"*" would trust every client: ${EXPECTED}`]],
    ['0.0.0.0/0', ['"0.0.0.0/0" covers every address: name the networks of the proxies.']],
    ['10.0.0.5/8', ['"10.0.0.5/8" has bits set after its prefix: the network is 10.0.0.0/8.']],
    ['none,loopback', ['"none" stands alone: remove it, or the other entries.']],
    ['lopback', [`"lopback" is not valid: ${EXPECTED}`]],
    ['constructor', [`"constructor" is not valid: ${EXPECTED}`]],
    ['false', [`"false" is not valid: ${EXPECTED}`]],
    ['', [`"" is not valid: ${EXPECTED}`]],
    ['loopback,', [`"" is not valid: ${EXPECTED}`]],
    ['proxy.internal, 010.0.0.1', ['proxy.internal', '010.0.0.1'].map((e) => `"${e}" is not valid: ${EXPECTED}`)],
  ])('refuses "%s" and names each invalid entry', (setting, problems) => {
    expect(problemsOf(setting)).toEqual(problems);
  });
});

const resolveClientIp = (...args: Parameters<typeof resolveClient>) => resolveClient(...args).address;

describe('resolveClient', () => {
  const proxies = 'loopback, 10.0.0.0/8, 2001:db8::/32';

  it.each<[why: string, peer: string | undefined, header: string | string[] | undefined, client: string | undefined]>([
    ['the socket, without a header', '203.0.113.7', undefined, '203.0.113.7'],
    ['the socket, without a header, behind a proxy too', '127.0.0.1', undefined, '127.0.0.1'],
    ['the socket, when it is not a trusted proxy', '203.0.113.7', '198.51.100.1', '203.0.113.7'],
    ['the socket, when it is not trusted, whatever it claims', '203.0.113.7', 'unknown, x', '203.0.113.7'],
    ['no address, when the socket is gone', undefined, '198.51.100.1', undefined],
    ['no address, when the socket has a zone id', 'fe80::1%eth0', undefined, undefined],
    ['the one address of the header', '127.0.0.1', '203.0.113.7', '203.0.113.7'],
    ['the right-most untrusted address', '127.0.0.1', '1.1.1.1, 203.0.113.7', '203.0.113.7'],
    ['the right-most untrusted address, past trusted ones', '::1', '1.1.1.1, 203.0.113.7,10.0.0.1, ::1', '203.0.113.7'],
    ['the left-most when all are trusted', '127.0.0.1', '10.0.0.2, 10.0.0.1', '10.0.0.2'],
    ['no address, when no address is met first', '127.0.0.1', '203.0.113.7, unknown', undefined],
    [
      'no address, when no address is met behind trusted ones',
      '127.0.0.1',
      '203.0.113.7, unknown, 10.0.0.1',
      undefined,
    ],
    ['no address, when the left-most is none and the rest trusted', '127.0.0.1', 'unknown, 10.0.0.1', undefined],
    ['the address met before what is no address', '127.0.0.1', 'unknown, 203.0.113.7', '203.0.113.7'],
    ['no address, for an empty header', '127.0.0.1', '', undefined],
    ['no address, for an empty last entry', '127.0.0.1', '203.0.113.7,', undefined],
    ['the address of an entry with a port', '127.0.0.1', '1.1.1.1, 203.0.113.7:1234', '203.0.113.7'],
    ['the address of an entry in brackets', '127.0.0.1', '[2001:DB9::1]', '2001:db9::1'],
    ['the address of an entry in brackets with a port', '127.0.0.1', '1.1.1.1, [2001:db9::1]:443', '2001:db9::1'],
    ['IPv4 for a mapped entry in brackets', '127.0.0.1', '[::ffff:203.0.113.7]:0', '203.0.113.7'],
    [
      'through trusted entries with ports',
      '127.0.0.1',
      '203.0.113.7:1, [2001:db8::2]:65535, 10.0.0.1:80',
      '203.0.113.7',
    ],
    ['IPv6 without brackets, whole', '127.0.0.1', '2001:db9::1:443', '2001:db9::1:443'],
    ['no address, for an octal-looking entry', '127.0.0.1', '010.0.0.1', undefined],
    ['no address, for an entry with a zone id', '127.0.0.1', 'fe80::1%eth0', undefined],
    ['no address, when something other than space or tab surrounds it', '127.0.0.1', '\u00a0203.0.113.7', undefined],
    ['the address between spaces and tabs', '127.0.0.1', '1.1.1.1 ,\t 203.0.113.7 \t', '203.0.113.7'],
    [
      'the last of several headers, in order',
      '127.0.0.1',
      ['1.1.1.1', '2.2.2.2, 203.0.113.7', '10.0.0.1'],
      '203.0.113.7',
    ],
    ['IPv4 for a mapped socket', '::ffff:203.0.113.7', undefined, '203.0.113.7'],
    ['through a mapped trusted socket', '::ffff:127.0.0.1', '203.0.113.7', '203.0.113.7'],
    ['IPv4 for a mapped entry in hex', '127.0.0.1', '::ffff:cb00:7107', '203.0.113.7'],
    ['through a mapped trusted entry', '127.0.0.1', '203.0.113.7, ::ffff:a00:1', '203.0.113.7'],
    ['IPv6 in canonical form', '127.0.0.1', '2001:DB9:0:0::0001', '2001:db9::1'],
    ['through a trusted IPv6 proxy', '2001:db8::5', '203.0.113.7', '203.0.113.7'],
  ])('is %s', (_why, peer, header, client) => {
    expect(resolveClientIp(peer, header, trust(proxies))).toBe(client);
  });

  it('resolves every known kind of non-address to no address', () => {
    const trusted = trust('loopback');
    expect(
      NOT_ENTRIES.filter((text) => resolveClientIp('127.0.0.1', `1.1.1.1, ${text}`, trusted) !== undefined),
    ).toEqual([]);
  });

  it('trusts no header with TRUSTED_PROXIES=none', () => {
    expect(resolveClientIp('127.0.0.1', '203.0.113.7', trust('none'))).toBe('127.0.0.1');
  });

  it('does not depend on entries that the client prepends', () => {
    const trusted = trust('loopback');
    fc.assert(
      fc.property(fc.oneof(fc.string(), someDubiousText), (forged) => {
        expect(resolveClientIp('127.0.0.1', `${forged}, 203.0.113.7`, trusted)).toBe('203.0.113.7');
      }),
      { numRuns: 3_000 },
    );
  });

  it('agrees with a second implementation on random chains and random trusted sets', { timeout: 120_000 }, () => {
    const cases = fc.array(someAddress, { minLength: 2, maxLength: 6 }).chain((addresses) => {
      const text = fc.constantFrom(...addresses).chain((address) => someTextOf(address));
      const entry = fc.oneof(
        { weight: 9, arbitrary: someEntryOf(text) },
        { weight: 1, arbitrary: someDubiousText.filter((t) => !t.includes(',')) },
      );
      const blank = fc.constantFrom('', ' ', '\t', '  \t ');
      return fc.record({
        networks: fc.array(fc.constantFrom(...addresses).chain(someNetworkOf), { maxLength: 4 }),
        peer: fc.oneof({ weight: 9, arbitrary: text }, someDubiousText),
        headers: fc.option(
          fc.array(fc.array(fc.tuple(blank, entry, blank), { minLength: 1, maxLength: 5 }), {
            minLength: 1,
            maxLength: 3,
          }),
        ),
      });
    });
    const seen = { socket: 0, forwarded: 0, none: 0 };
    fc.assert(
      fc.property(cases, ({ networks, peer, headers }) => {
        const setting = networks.map((network) => `${addressOf(firstOf(network))}/${network.prefixBits}`).join(',');
        const written = headers?.map((header) => header.map((parts) => parts.join('')).join(','));
        const expected = referenceClient(
          peer,
          headers?.flat().map(([, entry]) => entry),
          networks,
        );
        const trusted = trust(setting || 'none');
        const resolved = resolveClientIp(peer, written, trusted);
        expect(resolved === undefined ? undefined : referenceAddress(resolved)).toEqual(expected);
        // Node joins repeated headers itself: both ways to hand them over mean the same.
        expect(resolveClientIp(peer, written?.join(', '), trusted)).toBe(resolved);
        if (resolved === undefined) seen.none++;
        else if (resolved === canonicalAddress(peer)) seen.socket++;
        else seen.forwarded++;
      }),
      { numRuns: 6_000 },
    );
    // A generator that never reaches one of the outcomes would prove nothing about it.
    expect(Object.entries(seen).filter(([, count]) => count < 200)).toEqual([]);
  });
});

describe('the network of a client without a readable address', () => {
  const trusted = trust('loopback, 10.0.0.0/8');
  const networkAt = (header: string, peer = '127.0.0.1') => resolveClient(peer, header, trusted).network;

  it('is its own for each unreadable entry, and for each proxy that wrote it', () => {
    const headers = ['', 'unknown', '_hidden', 'fe80::1%eth0', 'fe80::2%eth0', '010.0.0.1', 'x'.repeat(10_000)];
    const networks = [
      ...headers.map((header) => networkAt(header)),
      networkAt('_hidden, 10.0.0.1'),
      networkAt('_hidden', '10.0.0.2'),
    ];
    expect(new Set([...networks, networkAt('203.0.113.7')]).size).toBe(networks.length + 1);
    expect(networks.filter((network) => network.length > 80)).toEqual([]);
  });

  it('is the same for the same entry, whatever entries and port the client uses', () => {
    const entry = networkAt('[fe80::1%eth0]:1');
    for (const header of [
      '[fe80::1%eth0]',
      '[fe80::1%eth0]:65535',
      '203.0.113.7, [fe80::1%eth0]:2',
      'x, [fe80::1%eth0]:3',
    ]) {
      expect(networkAt(header)).toBe(entry);
    }
  });

  it('is never the network of an address', () => {
    fc.assert(
      fc.property(someDubiousText, (text) => {
        const { address, network } = resolveClient('127.0.0.1', text, trusted);
        expect(network).toEqual(
          address === undefined ? expect.stringMatching(/^unreadable 127\.0\.0\.1 /) : subnetOf(address),
        );
      }),
    );
  });
});

/** The same rule, read the other way round: every entry is checked first, then the last that stops the search is taken. */
function referenceClient(
  peer: string,
  entries: readonly string[] | undefined,
  networks: readonly ReferenceNetwork[],
): ReferenceAddress | undefined {
  const chain = [...(entries ?? []).map(referenceHost), peer].map(referenceAddress);
  const stops = chain.map((address) => !address || !networks.some((network) => referenceContains(network, address)));
  return chain[Math.max(0, stops.lastIndexOf(true))];
}

function addressOf({ bits, value }: ReferenceAddress): string {
  if (bits === 32) return [24n, 16n, 8n, 0n].map((shift) => (value >> shift) & 255n).join('.');
  return value.toString(16).padStart(32, '0').match(/.{4}/g)!.join(':');
}
