import { canonicalAddress, IpNetworkSet, networkText, parseNetwork } from './ip-address.js';
import { quoteInput } from '../../core/errors/quote-input.js';

export const ALLOWED_IPS_MAX = 100;

const INSTEAD_OF_EVERYTHING = 'leave the list empty to allow any address';

/**
 * Judges the `allowed_ips` of a key or partner: IPv4 and IPv6 addresses and CIDR networks, at most 100.
 * @returns the entries in canonical form and in their order (IPv4-mapped IPv6 as IPv4, `/32` and `/128` as the single
 *   address), or one sentence per entry refused; an empty list is fine and allows any address
 */
export function judgeAllowedIps(entries: readonly string[]): { entries: string[] } | { problems: string[] } {
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

/** A stored list of allowed addresses, compiled once and asked on each request. */
export class IpAllowList {
  private readonly networks: IpNetworkSet | undefined;

  /**
   * @param entries as `judgeAllowedIps` gave them
   * @throws Error on an entry that isn't one: leaving it out could empty the list, and an empty list allows any address
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

  /** @param address the client's, as `resolveClient` gives it; undetermined passes an empty list only */
  allows(address: string | undefined): boolean {
    if (this.networks === undefined) return true;
    const canonical = address === undefined ? undefined : canonicalAddress(address);
    return canonical !== undefined && this.networks.has(canonical);
  }
}
