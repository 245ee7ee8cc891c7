import ipaddr from 'ipaddr.js';
import { canonicalAddress } from '../../access/network/ip-address.js';

/** All that is routed in public; beyond it lie ways to write an IPv4 address, private or not, as an IPv6 one. */
const GLOBAL_UNICAST = ipaddr.IPv6.parseCIDR('2000::/3');

/** A cloud's own services, on a public address: 169.254.169.254 and its like are link-local anyway. */
const PLATFORMS: ReadonlySet<string> = new Set(['168.63.129.16']);

/**
 * Whether an address is one that anybody on the internet means by it (IANA's special-purpose registries): neither
 * private, shared, loopback, link-local, multicast, reserved, nor a translated IPv4 address of any kind.
 * @param text as a look-up answers it, or the host of a URL without brackets
 */
export function isPublicAddress(text: string): boolean {
  // Zone ids and half-octal forms are no addresses to it; IPv4-mapped IPv6 is its IPv4.
  const address = canonicalAddress(text);
  if (address === undefined || PLATFORMS.has(address)) return false;
  const parsed = ipaddr.parse(address);
  const isRouted = parsed instanceof ipaddr.IPv4 || (parsed as ipaddr.IPv6).match(GLOBAL_UNICAST);
  return isRouted && parsed.range() === 'unicast';
}
