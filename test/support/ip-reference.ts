import fc from 'fast-check';

/**
 * A second implementation of addresses, as integers. Tests compare the server with it, so it shares no code with the
 * server, ipaddr.js or net.BlockList.
 */
export interface ReferenceAddress {
  readonly bits: 32 | 128;
  readonly value: bigint;
}

export function referenceAddress(text: string): ReferenceAddress | undefined {
  const dotted = referenceDotted(text);
  if (dotted !== undefined) return { bits: 32, value: dotted };

  let groups = text;
  const lastColon = text.lastIndexOf(':');
  const tail = referenceDotted(text.slice(lastColon + 1));
  if (tail !== undefined && lastColon >= 0) {
    groups = `${text.slice(0, lastColon + 1)}${(tail >> 16n).toString(16)}:${(tail & 0xffffn).toString(16)}`;
  }
  const sides = groups.split('::').map((side) => (side === '' ? [] : side.split(':')));
  const written = sides.flat();
  if (sides.length > 2 || (sides.length === 2 ? written.length > 7 : written.length !== 8)) return undefined;
  if (!written.every((group) => /^[0-9a-fA-F]{1,4}$/.test(group))) return undefined;

  const filled = [...sides[0]!, ...Array<string>(8 - written.length).fill('0'), ...(sides[1] ?? [])];
  const value = filled.reduce((sum, group) => (sum << 16n) + BigInt(`0x${group}`), 0n);
  return value >> 32n === 0xffffn ? { bits: 32, value: value & 0xffffffffn } : { bits: 128, value };
}

function referenceDotted(text: string): bigint | undefined {
  const parts = text.split('.');
  if (parts.length !== 4 || !parts.every((part) => String(Number(part)) === part && Number(part) <= 255))
    return undefined;
  return parts.reduce((sum, part) => sum * 256n + BigInt(part), 0n);
}

/** A network of one address family. */
export interface ReferenceNetwork extends ReferenceAddress {
  readonly prefixBits: number;
}

export function referenceContains(network: ReferenceNetwork, address: ReferenceAddress): boolean {
  const size = 2n ** BigInt(network.bits - network.prefixBits);
  const first = network.value - (network.value % size);
  return network.bits === address.bits && address.value >= first && address.value < first + size;
}

/** Addresses with few distinct groups, so that they are often in each other's networks. */
export const someAddress: fc.Arbitrary<ReferenceAddress> = fc.oneof(
  fc
    .tuple(fc.constantFrom(10n, 127n, 203n), fc.nat(3), fc.nat(3), fc.nat(255))
    .map(
      ([a, b, c, d]) => ({ bits: 32, value: (a << 24n) + (BigInt(b) << 16n) + (BigInt(c) << 8n) + BigInt(d) }) as const,
    ),
  fc
    .array(fc.oneof({ weight: 3, arbitrary: fc.constant(0) }, fc.constantFrom(1, 0xdb8, 0xffff), fc.nat(0xffff)), {
      minLength: 8,
      maxLength: 8,
    })
    .map((groups) => groups.reduce((sum, group) => (sum << 16n) + BigInt(group), 0n))
    // Move values out of the mapped range, because the first arbitrary already covers IPv4.
    .map((value) => ({ bits: 128, value: value >> 32n === 0xffffn ? value + (1n << 64n) : value }) as const),
);

export function someNetworkOf(address: ReferenceAddress): fc.Arbitrary<ReferenceNetwork> {
  return fc
    .oneof(fc.integer({ min: 1, max: address.bits }), fc.constantFrom(8, 16, 24, address.bits))
    .map((prefixBits) => ({ ...address, prefixBits }));
}

/** The first address of a network. */
export function firstOf({ bits, value, prefixBits }: ReferenceNetwork): ReferenceAddress {
  const hostBits = BigInt(bits - prefixBits);
  return { bits, value: (value >> hostBits) << hostBits };
}

/** One of the many notations of an address: upper case, leading zeros, any "::", dotted tails, IPv4-mapped IPv6. */
export function someTextOf({ bits, value }: ReferenceAddress, mapped = true): fc.Arbitrary<string> {
  if (bits === 32 && !mapped) return fc.constant(dottedText(value));
  const asIPv6 = bits === 32 ? (0xffffn << 32n) + value : value;
  return fc
    .record({
      plain: fc.boolean(),
      dots: fc.boolean(),
      upper: fc.boolean(),
      digits: fc.integer({ min: 1, max: 4 }),
      squeeze: fc.nat(7),
    })
    .map(({ plain, dots, upper, digits, squeeze }) => {
      if (plain && bits === 32) return dottedText(value);
      let groups = Array.from({ length: 8 }, (_, index) => (asIPv6 >> BigInt(112 - 16 * index)) & 0xffffn).map(
        (group) => group.toString(16).padStart(digits, '0'),
      );
      if (dots) groups = [...groups.slice(0, 6), dottedText(asIPv6 & 0xffffffffn)];
      let end = squeeze;
      while (end < groups.length && /^0+$/.test(groups[end]!)) end++;
      const text =
        end === squeeze ? groups.join(':') : `${groups.slice(0, squeeze).join(':')}::${groups.slice(end).join(':')}`;
      return upper ? text.toUpperCase() : text;
    });
}

function dottedText(value: bigint): string {
  return [24n, 16n, 8n, 0n].map((shift) => (value >> shift) & 255n).join('.');
}

/** Invalid addresses as sent by proxies, attackers and mistyped settings. */
export const NOT_ADDRESSES = [
  ['', 'unknown', '_hidden', 'localhost', 'null', '1', '3232235777', '0x7f000001', '1.2.3', '1.2.3.4.5', '1.2.3.256'],
  ['010.0.0.1', '1.2.3.04', '01.2.3.4', '1.2.3.4:80', '1.2.3.4/32', '[::1]', '[::1]:80', '"1.2.3.4"', '1.2.3.4 5'],
  ['fe80::1%eth0', 'fe80::1%1', '::1%', '::ffff:1.2.3.4%lo', '::ffff:010.0.0.1', '::1::', ':::', ':', '1:2:3:4:5:6:7'],
  ['1:2:3:4:5:6:7:8:9', '1:2:3:4::5:6:7:8', '12345::', 'g::', '::1.2.3', '1.2.3.4::', '\u00a01.2.3.4', '1.2.3.4\u000b'],
].flat();

/** Those that are also invalid in X-Forwarded-For, and invalid entries with a port. */
export const NOT_ENTRIES = NOT_ADDRESSES.filter((text) => !['1.2.3.4:80', '[::1]', '[::1]:80'].includes(text)).concat(
  [
    '1.2.3.4:',
    '1.2.3.4:65536',
    '1.2.3.4:+80',
    '1.2.3.4:8 0',
    '1.2.3.4:80:80',
    '[1.2.3.4]',
    '[1.2.3.4]:80',
    '010.0.0.1:80',
  ],
  [
    '[]',
    '[',
    ']',
    '[:80',
    '[::1',
    '::1]',
    '[::1]80',
    '[::1]:',
    '[::1]:65536',
    '[::1]]',
    '[[::1]]',
    '[::1%eth0]:80',
    '[::1]x:80',
  ],
  [':80', '1.2.3:80', 'localhost:80', '::ffff:1.2.3.4:80', '"[::1]:80"'],
);

/** The host of an X-Forwarded-For entry, without port and brackets. */
export function referenceHost(entry: string): string {
  const [, dotted, bracketed, port = '0'] = /^(?:([\d.]+)|\[(.*:.*)\])(?::(\d{1,5}))?$/s.exec(entry) ?? [];
  return Number(port) < 2 ** 16 ? (dotted ?? bracketed ?? entry) : entry;
}

/** An address as proxies write it, sometimes with a mistake. */
export function someEntryOf(address: fc.Arbitrary<string>): fc.Arbitrary<string> {
  const rest = fc.constantFrom('', ':0', ':443', ':51234', ':65535', ':65536', ':', ':1:2');
  return fc.tuple(address, fc.boolean(), rest).map(([text, isBare, port]) => {
    if (isBare) return text;
    return (text.includes(':') ? `[${text}]` : text) + port;
  });
}

/** A text that may be invalid: a known mistake, an address with one change, or random characters. */
export const someDubiousText: fc.Arbitrary<string> = fc.oneof(
  fc.constantFrom(...NOT_ADDRESSES),
  fc
    .tuple(
      someAddress.chain((address) => someTextOf(address)),
      fc.nat(40),
      fc.nat(1),
      fc.constantFrom('', ':', '.', '0', 'f', 'g', '%', '1', '/', '::'),
    )
    .map(([text, at, removed, inserted]) => text.slice(0, at) + inserted + text.slice(at + removed)),
  fc.string({ unit: fc.constantFrom(...'0125fF:.%'), maxLength: 20 }),
);
