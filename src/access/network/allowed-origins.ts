import { domainToASCII } from 'node:url';
import { invalidRequest } from '../../core/errors/invalid-request.js';
import { canonicalAddress } from './ip-address.js';
import { quoteInput } from '../../core/errors/quote-input.js';

export const ALLOWED_ORIGINS_MAX = 100;
const DOMAIN_CHARACTERS_MAX = 253;
const NOT_A_DOMAIN = 'is not a domain such as app.example.com or *.example.com.';
const DOMAIN = /^(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)*[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/;

/**
 * Validates the `allowed_origins` of a typed key (S4): at most 100 domains, each exact (`app.example.com`) or with its
 * subdomains (`*.example.com`, which does not include `example.com`). An empty list allows any origin.
 * @returns the entries in lower case and in their order, or one sentence for each refused entry
 */
export function validateAllowedOrigins(entries: readonly string[]): { entries: string[] } | { problems: string[] } {
  if (entries.length > ALLOWED_ORIGINS_MAX) {
    return { problems: [`At most ${ALLOWED_ORIGINS_MAX} entries are allowed.`] };
  }
  const problems: string[] = [];
  const domains = new Set<string>();
  for (const entry of entries) {
    const domain = entry.toLowerCase();
    const why = refuseDomain(domain) ?? (domains.has(domain) ? 'is listed twice.' : undefined);
    if (why) problems.push(`${quoteInput(entry)} ${why}`);
    else domains.add(domain);
  }
  return problems.length > 0 ? { problems } : { entries: [...domains] };
}

/** @throws AppError invalid_request (400) naming each refused entry */
export function allowedOriginsOrThrow(entries: readonly string[]): string[] {
  const result = validateAllowedOrigins(entries);
  if ('entries' in result) return result.entries;
  throw invalidRequest(result.problems.map((message) => ({ field: 'allowed_origins', message })));
}

/** Why an entry isn't a domain, and what to write instead. */
function refuseDomain(entry: string): string | undefined {
  const wildcard = entry.startsWith('*.') ? '*.' : '';
  const domain = entry.slice(wildcard.length);
  if (entry === '*') return 'covers every domain: leave the list empty to allow any origin.';
  if (entry.includes('://')) return 'has a scheme: write the domain alone, such as app.example.com.';
  if (canonicalAddress(domain.replace(/^\[|\]$/g, ''))) return 'is an IP address: origins are allowed by domain.';
  if (/[/?#]/.test(domain)) return 'has a path: write the domain alone, such as app.example.com.';
  if (domain.includes(':')) return 'has a port: write the domain alone, since any port of it is allowed.';
  if (domain.includes('*')) return 'has a misplaced "*": it can only begin a domain, as in *.example.com.';
  // An entry that the URL parser would change, such as 1.2.3 or a broken xn-- label, can't equal an origin.
  const inOrigins = domain.length <= DOMAIN_CHARACTERS_MAX ? domainToASCII(domain) : '';
  if (!DOMAIN.test(inOrigins)) return NOT_A_DOMAIN;
  if (inOrigins === domain) return undefined;
  return /[^\x20-\x7e]/.test(domain) ? `is sent by browsers as ${wildcard}${inOrigins}: write that.` : NOT_A_DOMAIN;
}

/**
 * Whether a page of this origin may use a key with these origins. Compares the host of Origin, or of Referer without an
 * Origin; ignores scheme, port and case.
 * @param allowed from `validateAllowedOrigins`; empty allows any origin, and none
 * @param origin the Origin header; `null` (sandboxed or file pages) and invalid values are refused
 * @param referer the Referer header, read only without Origin
 */
export function isOriginAllowed(
  allowed: readonly string[],
  origin: string | undefined,
  referer: string | undefined,
): boolean {
  if (allowed.length === 0) return true;
  const host = hostOf(origin ?? referer);
  if (host === undefined) return false;
  return allowed.some((entry) => (entry.startsWith('*.') ? isBelow(host, entry.slice(1)) : host === entry));
}

/** Every entry that would allow this origin; empty if it isn't the origin of a page. */
export function entriesThatAllow(origin: string): string[] {
  const host = hostOf(origin);
  if (host === undefined || host.length > DOMAIN_CHARACTERS_MAX) return [];
  const labels = host.split('.');
  return [host, ...labels.slice(1).map((_, index) => `*.${labels.slice(index + 1).join('.')}`)];
}

/** The normalized host; http and https only, because the parser doesn't normalize hosts of other schemes. */
function hostOf(header: string | undefined): string | undefined {
  const url = header === undefined ? null : URL.parse(header);
  return url && /^https?:$/.test(url.protocol) ? url.hostname : undefined;
}

function isBelow(host: string, dotAndDomain: string): boolean {
  return host.endsWith(dotAndDomain) && host.length > dotAndDomain.length;
}
