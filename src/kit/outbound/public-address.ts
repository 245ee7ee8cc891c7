import ipaddr from 'ipaddr.js';
import { parseAddress } from '../../access/network/ip-address.js';

/** The publicly routed range. Ranges outside of it include translated IPv4 addresses, which can be private. */
const GLOBAL_UNICAST = ipaddr.IPv6.parseCIDR('2000::/3');

/** Cloud metadata services on public addresses. Others, such as 169.254.169.254, are link-local. */
const PLATFORMS: ReadonlySet<string> = new Set(['168.63.129.16']);

/**
 * True for globally reachable addresses (IANA special-purpose registries): not private, shared, loopback, link-local,
 * multicast, reserved or translated IPv4.
 * @param text an address from a lookup, or the host of a URL without brackets
 */
export function isPublicAddress(text: string): boolean {
  const address = parseAddress(text);
  if (address === undefined || PLATFORMS.has(address.toString())) return false;
  const isRouted = address instanceof ipaddr.IPv4 || address.match(GLOBAL_UNICAST);
  return isRouted && address.range() === 'unicast';
}
