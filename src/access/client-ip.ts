import { canonicalAddress } from './ip-address.js';
import { IpNetworkSet, parseNetwork, type IpNetwork } from './ip-network.js';
import { quoteInput } from './quote-input.js';

const LOOPBACK = ['127.0.0.0/8', '::1'];

/** What cloudflare.com/ips-v4 and /ips-v6 listed in October 2026. */
const CLOUDFLARE = [
  '173.245.48.0/20',
  '103.21.244.0/22',
  '103.22.200.0/22',
  '103.31.4.0/22',
  '141.101.64.0/18',
  '108.162.192.0/18',
  '190.93.240.0/20',
  '188.114.96.0/20',
  '197.234.240.0/22',
  '198.41.128.0/17',
  '162.158.0.0/15',
  '104.16.0.0/13',
  '104.24.0.0/14',
  '172.64.0.0/13',
  '131.0.72.0/22',
  '2400:cb00::/32',
  '2606:4700::/32',
  '2803:f800::/32',
  '2405:b500::/32',
  '2405:8100::/32',
  '2a06:98c0::/29',
  '2c0f:f248::/32',
];

const NAMED_NETWORKS: ReadonlyMap<string, readonly string[]> = new Map([
  ['loopback', LOOPBACK],
  ['cloudflare', CLOUDFLARE],
]);

const ACCEPTED = 'addresses, CIDR networks, loopback or cloudflare, separated by commas, or none';

/**
 * Reads the setting TRUSTED_PROXIES: addresses and CIDR networks, `loopback` and `cloudflare` (its published ranges),
 * separated by commas; or `none` alone.
 * @returns the set of proxies whose X-Forwarded-For is believed, or one sentence per entry that can't be meant
 */
export function parseTrustedProxies(text: string): { trusted: IpNetworkSet } | { problems: string[] } {
  const entries = text.split(',').map((entry) => entry.trim());
  if (entries.length === 1 && entries[0] === 'none') return { trusted: new IpNetworkSet([]) };

  const problems: string[] = [];
  const networks: IpNetwork[] = [];
  for (const entry of entries) {
    const refusal = refuseEntry(entry);
    if (refusal) problems.push(refusal);
    else {
      for (const network of NAMED_NETWORKS.get(entry) ?? [entry]) {
        const parsed = parseNetwork(network, 'name the networks of the proxies');
        if ('problem' in parsed) problems.push(parsed.problem);
        else networks.push(parsed.network);
      }
    }
  }
  return problems.length > 0 ? { problems } : { trusted: new IpNetworkSet(networks) };
}

/** What is more than a mistyped network, for which `parseNetwork` has the sentence. */
function refuseEntry(entry: string): string | undefined {
  if (NAMED_NETWORKS.has(entry)) return undefined;
  const quoted = quoteInput(entry);
  if (entry === 'none') return '"none" stands alone: remove it, or the other entries.';
  if (/^\d+$/.test(entry)) return `${quoted} counts hops, which a client can forge: expected ${ACCEPTED}.`;
  if (/^(true|\*)$/i.test(entry)) return `${quoted} would believe every client: expected ${ACCEPTED}.`;
  if (canonicalAddress(entry.split('/', 1)[0] ?? '') === undefined)
    return `${quoted} is not understood: expected ${ACCEPTED}.`;
  return undefined;
}

/**
 * Who is calling: the socket's address, unless that is a trusted proxy; then the right-most address of X-Forwarded-For
 * that is not trusted, or the left-most when all are (seed 001).
 * @param peer the socket's remote address; undefined once the socket is gone
 * @param forwardedFor the header's value, or its values in order; undefined without the header
 * @returns a canonical address (see `canonicalAddress`), or undefined when what comes first from the right is not an
 *   address (an empty entry isn't one either): such a caller is nobody, and passes no allow-list
 */
export function resolveClientIp(
  peer: string | undefined,
  forwardedFor: string | readonly string[] | undefined,
  trusted: IpNetworkSet,
): string | undefined {
  const socketAddress = peer === undefined ? undefined : canonicalAddress(peer);
  if (socketAddress === undefined || forwardedFor === undefined || !trusted.has(socketAddress)) return socketAddress;

  // Read from the right, so that what a client puts in front costs nothing.
  let chain = typeof forwardedFor === 'string' ? forwardedFor : forwardedFor.join(',');
  for (;;) {
    const comma = chain.lastIndexOf(',');
    const address = canonicalAddress(withoutBlanks(chain.slice(comma + 1)));
    if (address === undefined || comma < 0 || !trusted.has(address)) return address;
    chain = chain.slice(0, comma);
  }
}

/** Strips the optional white space of RFC 9110: String.trim takes more than that, and a regular expression can be made slow. */
function withoutBlanks(entry: string): string {
  let start = 0;
  let end = entry.length;
  while (entry[start] === ' ' || entry[start] === '\t') start++;
  while (end > start && (entry[end - 1] === ' ' || entry[end - 1] === '\t')) end--;
  return entry.slice(start, end);
}
