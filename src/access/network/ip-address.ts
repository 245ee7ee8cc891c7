import { BlockList, isIPv4, isIPv6 } from 'node:net';
import ipaddr from 'ipaddr.js';
import { quoteInput } from '../../core/errors/quote-input.js';

type Address = ipaddr.IPv4 | ipaddr.IPv6;

/** The longest textual address: eight groups, the last two as dotted IPv4. */
const ADDRESS_CHARACTERS_MAX = 45;
const IPV6_TEXTS_MAX = 1_000;

/** Addresses are parsed on each request, and IPv6 takes microseconds. Emptied when full. */
const ipv6Texts = new Map<string, { readonly canonical: string; readonly subnet: string }>();

/**
 * Parses an address; IPv4-mapped IPv6 is its IPv4. Stricter than ipaddr.js, which accepts octal, hexadecimal and short
 * IPv4, and zone ids, which mean something on one machine only.
 * @returns undefined for zone ids, ports, brackets, blanks, octal-looking `010.0.0.1`, and all that is no address
 */
export function parseAddress(text: string): Address | undefined {
  if (text.length > ADDRESS_CHARACTERS_MAX) return undefined;
  if (isIPv4(text)) return ipaddr.IPv4.parse(text);
  if (!isIPv6(text) || text.includes('%')) return undefined;
  const address = ipaddr.IPv6.parse(text.includes('.') ? withoutDots(text) : text);
  return address.isIPv4MappedAddress() ? address.toIPv4Address() : address;
}

/** Writes a dotted tail as two groups: ipaddr.js would take `::1.2.3.4` for `::ffff:1.2.3.4`. */
function withoutDots(ipv6: string): string {
  const start = ipv6.lastIndexOf(':') + 1;
  const [one = 0, two = 0, three = 0, four = 0] = ipaddr.IPv4.parse(ipv6.slice(start)).octets;
  return `${ipv6.slice(0, start)}${hex((one << 8) | two)}:${hex((three << 8) | four)}`;
}

/**
 * The one text of an address, so that equal addresses are equal strings: dotted IPv4, or lower-case compressed IPv6
 * (RFC 5952, without its dotted forms). IPv4-mapped IPv6 is its IPv4.
 * @returns undefined where `parseAddress` does
 */
export function canonicalAddress(text: string): string | undefined {
  // Skips the look-up for a local proxy, in IPv4 and as a dual-stack socket reports it.
  if (isIPv4(text) || text === '::1') return text;
  if (text.startsWith('::ffff:') && isIPv4(text.slice(7))) return text.slice(7);
  return readIPv6(text)?.canonical;
}

/** The first 64 bits of an IPv6 address, which usually identify one host; IPv4 unchanged. */
export function subnetOf(canonical: string): string {
  return canonical.includes(':') ? readIPv6(canonical)!.subnet : canonical;
}

function readIPv6(text: string) {
  let read = ipv6Texts.get(text);
  if (read === undefined) {
    const address = parseAddress(text);
    if (address === undefined) return undefined;
    const canonical = textOf(address);
    const subnet = address instanceof ipaddr.IPv6 ? address.parts.slice(0, 4).map(hex).join(':') : canonical;
    if (ipv6Texts.size === IPV6_TEXTS_MAX) ipv6Texts.clear();
    ipv6Texts.set(text, (read = { canonical, subnet }));
  }
  return read;
}

function textOf(address: Address): string {
  return address instanceof ipaddr.IPv6 ? address.toRFC5952String() : address.toString();
}

function hex(group: number): string {
  return group.toString(16);
}

/** A CIDR network (RFC 4632, RFC 4291 section 2.3); a single address has the full prefix length. */
export interface IpNetwork {
  readonly family: 'ipv4' | 'ipv6';
  /** Canonical, without host bits. */
  readonly address: string;
  readonly prefixBits: number;
}

/**
 * Parses `10.0.0.0/8`, `2001:db8::/32` or a single address. IPv4-mapped IPv6 is read as its IPv4.
 * @param insteadOfEverything the advice in the error for `/0`
 * @returns the network, or one sentence that begins with the quoted text
 */
export function parseNetwork(text: string, insteadOfEverything: string): { network: IpNetwork } | { problem: string } {
  const slash = text.indexOf('/');
  const written = slash < 0 ? text : text.slice(0, slash);
  const parsed = parseAddress(written);
  const refuse = (why: string) => ({ problem: `${quoteInput(text)} ${why}` });
  if (parsed === undefined) return refuse('is not an IP address or a CIDR network.');

  const family = parsed.kind();
  const addressBits = family === 'ipv4' ? 32 : 128;
  // The first 96 bits of a mapped address are the mapping prefix.
  const mappedBits = family === 'ipv4' && written.includes(':') ? 96 : 0;
  const prefix = slash < 0 ? String(mappedBits + addressBits) : text.slice(slash + 1);
  const prefixBits = /^(0|[1-9]\d{0,2})$/.test(prefix) ? Number(prefix) - mappedBits : NaN;
  if (!(prefixBits <= addressBits) || (mappedBits > 0 && prefixBits < 0)) {
    return refuse(`needs a prefix length from ${mappedBits + 1} to ${mappedBits + addressBits} after the slash.`);
  }
  if (prefixBits === 0) return refuse(`covers every address: ${insteadOfEverything}.`);

  const address = textOf(parsed);
  const Family = family === 'ipv4' ? ipaddr.IPv4 : ipaddr.IPv6;
  const first = Family.networkAddressFromCIDR(`${address}/${prefixBits}`);
  const network: IpNetwork = { family, address: textOf(first), prefixBits };
  if (network.address !== address) {
    return refuse(`has bits set after its prefix: the network is ${networkText(network)}.`);
  }
  return { network };
}

/** A network as text; a single address without its prefix length. */
export function networkText({ family, address, prefixBits }: IpNetwork): string {
  return prefixBits === (family === 'ipv4' ? 32 : 128) ? address : `${address}/${prefixBits}`;
}

/** A fixed set of networks, compiled once. */
export class IpNetworkSet {
  // One list per family, because a BlockList lets IPv4 match IPv6 networks such as ::/64 by its mapped form.
  private readonly ipv4 = new BlockList();
  private readonly ipv6 = new BlockList();

  constructor(networks: readonly IpNetwork[]) {
    for (const { family, address, prefixBits } of networks) this[family].addSubnet(address, prefixBits, family);
  }

  /** @param address canonical, as `canonicalAddress` gives it */
  has(address: string): boolean {
    return address.includes(':') ? this.ipv6.check(address, 'ipv6') : this.ipv4.check(address, 'ipv4');
  }
}
