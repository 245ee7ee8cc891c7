import { isIPv4, isIPv6 } from 'node:net';

/** The longest textual address: eight groups, the last two as dotted IPv4. */
const ADDRESS_CHARACTERS_MAX = 45;
const MAPPED_IN_HEX = /^::ffff:([0-9a-f]{1,4}):([0-9a-f]{1,4})$/;

/**
 * The one text of an address, so that equal addresses are equal strings: dotted IPv4, or lower-case compressed IPv6
 * (RFC 5952, without its dotted forms). IPv4-mapped IPv6 is its IPv4.
 * @returns undefined for anything else: zone ids, ports, brackets, blanks, and octal-looking `010.0.0.1`
 */
export function canonicalAddress(text: string): string | undefined {
  if (text.length > ADDRESS_CHARACTERS_MAX) return undefined;
  // Loopback is the peer of every request that a local proxy passes on.
  if (isIPv4(text) || text === '::1') return text;
  // What a dual-stack socket reports for each IPv4 peer: worth an answer without parsing.
  if (text.startsWith('::ffff:') && isIPv4(text.slice(7))) return text.slice(7);
  // A zone id means something on one machine only, yet isIPv6 accepts it.
  if (!isIPv6(text) || text.includes('%')) return undefined;
  // The URL parser writes IPv6 canonically, at a third of the cost of net.SocketAddress.
  const canonical = new URL(`http://[${text}]`).hostname.slice(1, -1);
  const mapped = MAPPED_IN_HEX.exec(canonical);
  return mapped ? addressText(mapped.slice(1).flatMap(groupBytes)) : canonical;
}

/** The 4 or 16 bytes of a canonical address. */
export function addressBytes(canonical: string): number[] {
  if (!canonical.includes(':')) return canonical.split('.').map(Number);
  const [head = [], tail = []] = canonical
    .split('::')
    .map((part) => part.split(':').filter(Boolean).flatMap(groupBytes));
  return [...head, ...Array.from({ length: 16 - head.length - tail.length }, () => 0), ...tail];
}

/** The canonical text of 4 or 16 bytes. */
export function addressText(bytes: readonly number[]): string {
  if (bytes.length === 4) return bytes.join('.');
  const groups = bytes.flatMap((byte, index) =>
    index % 2 === 0 ? [((byte << 8) | bytes[index + 1]!).toString(16)] : [],
  );
  return new URL(`http://[${groups.join(':')}]`).hostname.slice(1, -1);
}

/** `"102"` → `[1, 2]`. */
function groupBytes(group: string): number[] {
  const value = parseInt(group, 16);
  return [value >> 8, value & 0xff];
}
