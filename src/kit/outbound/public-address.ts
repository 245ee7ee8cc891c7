import ipaddr from 'ipaddr.js';
import { parseAddress } from '../../access/network/ip-address.js';

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
  const address = parseAddress(text);
  if (address === undefined || PLATFORMS.has(address.toString())) return false;
  const isRouted = address instanceof ipaddr.IPv4 || address.match(GLOBAL_UNICAST);
  return isRouted && address.range() === 'unicast';
}
