import { BlockList } from 'node:net';
import { addressBytes, addressText, canonicalAddress } from './ip-address.js';
import { quoteInput } from '../../core/errors/quote-input.js';

/** A CIDR network (RFC 4632, RFC 4291 section 2.3); a single address is one of full prefix length. */
export interface IpNetwork {
  readonly family: 'ipv4' | 'ipv6';
  /** Canonical, without host bits. */
  readonly address: string;
  readonly prefixBits: number;
}

/**
 * Reads `10.0.0.0/8`, `2001:db8::/32` or a single address. IPv4-mapped IPv6 is read as its IPv4.
 * @param insteadOfEverything what to do rather than write `/0`, for the sentence that refuses it
 * @returns the network, or one sentence that begins with the quoted text
 */
export function parseNetwork(text: string, insteadOfEverything: string): { network: IpNetwork } | { problem: string } {
  const slash = text.indexOf('/');
  const written = slash < 0 ? text : text.slice(0, slash);
  const address = canonicalAddress(written);
  const refuse = (why: string) => ({ problem: `${quoteInput(text)} ${why}` });
  if (address === undefined) return refuse('is not an IP address or a CIDR network.');

  const family = address.includes(':') ? 'ipv6' : 'ipv4';
  const addressBits = family === 'ipv4' ? 32 : 128;
  // The first 96 bits of a mapped address only say that it is one.
  const mappedBits = family === 'ipv4' && written.includes(':') ? 96 : 0;
  const prefix = slash < 0 ? String(mappedBits + addressBits) : text.slice(slash + 1);
  const prefixBits = /^(0|[1-9]\d{0,2})$/.test(prefix) ? Number(prefix) - mappedBits : NaN;
  if (!(prefixBits <= addressBits) || (mappedBits > 0 && prefixBits < 0)) {
    return refuse(`needs a prefix length from ${mappedBits + 1} to ${mappedBits + addressBits} after the slash.`);
  }
  if (prefixBits === 0) return refuse(`covers every address: ${insteadOfEverything}.`);

  const network: IpNetwork = { family, address: withoutHostBits(address, prefixBits), prefixBits };
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

function withoutHostBits(address: string, prefixBits: number): string {
  return addressText(
    addressBytes(address).map((byte, index) => {
      const keptBits = Math.min(8, Math.max(0, prefixBits - index * 8));
      return byte & (0xff << (8 - keptBits)) & 0xff;
    }),
  );
}
