import { canonicalDomain } from '../../../core/validation/address.js';

const DOMAINS_MAX = 100;

/**
 * Parses a comma-separated list of domains.
 * @returns canonical domains without duplicates, in their order; or one sentence on what is wrong
 */
export function parseDomains(text: string): { domains: string[] } | { problem: string } {
  const given = text.split(',').map((part) => part.trim());
  if (given.length > DOMAINS_MAX) return { problem: `domains must list at most ${DOMAINS_MAX} domains` };
  const domains = given.map(canonicalDomain);
  const invalid = given.filter((_, index) => domains[index] === undefined);
  if (invalid.length > 0) return { problem: `domains contains invalid domains: ${invalid.map(quoted).join(', ')}` };
  return { domains: [...new Set(domains as string[])] };
}

function quoted(text: string): string {
  return JSON.stringify(text.slice(0, 100));
}
