import { canonicalAddress, IpNetworkSet, networkText, parseNetwork } from './ip-address.js';
import { quoteInput } from '../../core/errors/quote-input.js';

export const ALLOWED_IPS_MAX = 100;

const INSTEAD_OF_EVERYTHING = 'leave the list empty to allow any address';

/**
 * Validates the `allowed_ips` of a key or partner: at most 100 IPv4 and IPv6 addresses and CIDR networks. An empty list
 * allows any address.
 * @returns the entries in canonical form and in their order (IPv4-mapped IPv6 as IPv4, `/32` and `/128` as the single
 *   address), or one sentence for each refused entry
 */
export function validateAllowedIps(entries: readonly string[]): { entries: string[] } | { problems: string[] } {
  if (entries.length > ALLOWED_IPS_MAX) return { problems: [`At most ${ALLOWED_IPS_MAX} entries are allowed.`] };
  const problems: string[] = [];
  const canonical = new Set<string>();
  for (const entry of entries) {
    const parsed = parseNetwork(entry, INSTEAD_OF_EVERYTHING);
    if ('problem' in parsed) problems.push(parsed.problem);
    else if (canonical.has(networkText(parsed.network))) problems.push(`${quoteInput(entry)} is listed twice.`);
    else canonical.add(networkText(parsed.network));
  }
  return problems.length > 0 ? { problems } : { entries: [...canonical] };
}

/** A stored list of allowed addresses, compiled once for all requests. */
export class IpAllowList {
  private readonly networks: IpNetworkSet | undefined;

  /**
   * @param entries from `validateAllowedIps`
   * @throws Error on an invalid entry: skipping it could empty the list, and an empty list allows any address
   */
  constructor(entries: readonly string[]) {
    if (entries.length === 0) return;
    this.networks = new IpNetworkSet(
      entries.map((entry) => {
        const parsed = parseNetwork(entry, INSTEAD_OF_EVERYTHING);
        if ('problem' in parsed) throw new Error(`Allowed IPs: ${parsed.problem}`);
        return parsed.network;
      }),
    );
  }

  /** @param address from `resolveClient`; undefined passes only an empty list */
  allows(address: string | undefined): boolean {
    if (this.networks === undefined) return true;
    const canonical = address === undefined ? undefined : canonicalAddress(address);
    return canonical !== undefined && this.networks.has(canonical);
  }
}
