import { canonicalDomain } from '../../../core/validation/address.js';

const DOMAINS_MAX = 100;

/**
 * Reads domains that are separated by commas: trimmed and canonical, each once, in their order.
 * @returns or one sentence on what is wrong; then none of them counts
 */
export function judgeDomains(text: string): { domains: string[] } | { problem: string } {
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
