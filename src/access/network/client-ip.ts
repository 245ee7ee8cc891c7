import { createHash } from 'node:crypto';
import { isIPv4 } from 'node:net';
import { canonicalAddress, IpNetworkSet, parseNetwork, subnetOf, type IpNetwork } from './ip-address.js';
import { quoteInput } from '../../core/errors/quote-input.js';

const LOOPBACK = ['127.0.0.0/8', '::1'];

/** From cloudflare.com/ips-v4 and /ips-v6 in October 2026. */
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
 * Parses TRUSTED_PROXIES: addresses, CIDR networks, `loopback` and `cloudflare` (its published ranges), separated by
 * commas; or `none` alone.
 * @returns the proxies whose X-Forwarded-For is trusted, or one sentence for each invalid entry
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

/** Entries that aren't networks at all; `parseNetwork` explains mistyped networks. */
function refuseEntry(entry: string): string | undefined {
  if (NAMED_NETWORKS.has(entry)) return undefined;
  const quoted = quoteInput(entry);
  if (entry === 'none') return '"none" stands alone: remove it, or the other entries.';
  if (/^\d+$/.test(entry)) return `${quoted} is a number of hops, which a client can forge: expected ${ACCEPTED}.`;
  if (/^(true|\*)$/i.test(entry)) return `${quoted} would trust every client: expected ${ACCEPTED}.`;
  if (canonicalAddress(entry.split('/', 1)[0] ?? '') === undefined)
    return `${quoted} is not valid: expected ${ACCEPTED}.`;
  return undefined;
}

/** The client of a request. */
export interface Client {
  /** From `canonicalAddress`; undefined when the value isn't an address, which passes no allow list. */
  readonly address: string | undefined;
  /** The key of limits per client: an IPv4 address, or an IPv6 /64, which usually belongs to one host. */
  readonly network: string;
}

/**
 * Resolves the client: the socket's address, unless that is a trusted proxy. Then it is the right-most address of
 * X-Forwarded-For that isn't trusted, or the left-most if all are (S1). An entry may have a port, and IPv6 brackets.
 * @param peer the socket's remote address; undefined once the socket is gone
 * @param forwardedFor the header's value, or its values in order; undefined without the header
 * @returns a client without an address when the right-most untrusted entry isn't an address. Its network is then a
 *   digest of that entry, so that clients with unreadable addresses don't share limits.
 */
export function resolveClient(
  peer: string | undefined,
  forwardedFor: string | readonly string[] | undefined,
  trusted: IpNetworkSet,
): Client {
  let writer = peer === undefined ? undefined : canonicalAddress(peer);
  if (writer === undefined) return unreadable('', peer ?? '');
  if (forwardedFor === undefined || !trusted.has(writer)) return { address: writer, network: subnetOf(writer) };

  // Read from the right, so that entries that a client prepends cost nothing.
  let chain = typeof forwardedFor === 'string' ? forwardedFor : forwardedFor.join(',');
  for (;;) {
    const comma = chain.lastIndexOf(',');
    const host = withoutPort(withoutBlanks(chain.slice(comma + 1)));
    const address = canonicalAddress(host);
    if (address === undefined) return unreadable(writer, host);
    if (comma < 0 || !trusted.has(address)) return { address, network: subnetOf(address) };
    writer = address;
    chain = chain.slice(0, comma);
  }
}

/** A client that is resolved when it is needed, without holding its request, which may have a large body. */
export class Sender {
  #client: Client | undefined;

  /** The parameters of `resolveClient`; the peer must be read while the socket is open. */
  constructor(
    private readonly peer: string | undefined,
    private readonly forwardedFor: string | readonly string[] | undefined,
    private readonly trusted: IpNetworkSet,
  ) {}

  get client(): Client {
    return (this.#client ??= resolveClient(this.peer, this.forwardedFor, this.trusted));
  }
}

/** A digest bounds the length, because networks are keys in memory and in Redis. */
function unreadable(writer: string, text: string): Client {
  const digest = createHash('sha256').update(text).digest('base64url').slice(0, 22);
  return { address: undefined, network: `unreadable ${writer} ${digest}` };
}

/** The host of `203.0.113.9:51234`, `[2001:db8::1]:443` or `[2001:db8::1]`; other text unchanged. */
function withoutPort(entry: string): string {
  const end = entry.startsWith('[') ? entry.lastIndexOf(']') : entry.lastIndexOf(':');
  if (end < 0) return entry;
  const rest = entry.slice(end);
  if (entry.startsWith('[')) {
    const host = entry.slice(1, end);
    // Only IPv6 may have brackets.
    return host.includes(':') && (rest === ']' || isPort(rest.slice(1))) ? host : entry;
  }
  const host = entry.slice(0, end);
  return isPort(rest) && isIPv4(host) ? host : entry;
}

function isPort(text: string): boolean {
  return text.length <= 6 && /^:\d+$/.test(text) && Number(text.slice(1)) <= 65_535;
}

/** Strips the optional white space of RFC 9110. String.trim strips more; a regular expression can be made slow. */
function withoutBlanks(entry: string): string {
  let start = 0;
  let end = entry.length;
  while (entry[start] === ' ' || entry[start] === '\t') start++;
  while (end > start && (entry[end - 1] === ' ' || entry[end - 1] === '\t')) end--;
  return entry.slice(start, end);
}
