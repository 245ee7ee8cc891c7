import type pg from 'pg';
import { canonicalDomain, canonicalEmail } from '../../core/validation/address.js';

const ADDRESSES_NAMED_MAX = 20;
/** Columns that are looked up by canonical address. */
const ADDRESS_COLUMNS = [
  ['users', 'email', canonicalEmail],
  ['partners', 'contact_email', canonicalEmail],
  ['contacts', 'email', canonicalEmail],
  ['contacts', 'non_verified_email', canonicalEmail],
  ['agent_contacts', 'email', canonicalEmail],
  ['leads', 'email', canonicalEmail],
  ['blocked_domains', 'domain', canonicalDomain],
  ['mail_domains', 'domain_name', canonicalDomain],
  ['help_centers', 'custom_domain', canonicalDomain],
] as const;

/**
 * Checks that stored addresses are canonical. Migration 0060 skipped duplicates, and SQL clients can write any spelling.
 * @throws Error that lists the others
 */
export async function checkAddresses({ client }: { readonly client: pg.ClientBase }): Promise<string> {
  const found: string[] = [];
  for (const [table, column, canonical] of ADDRESS_COLUMNS) {
    const of = table === 'users' || table === 'partners' ? 'id' : 'org_id';
    const { rows } = await client.query<{ of: string; address: string }>(`
      select ${of} as of, ${column} as address from ${table}
      where octet_length(${column}) > char_length(${column}) or ${column} ~ '[A-Z"]' or ${column} like '%.'
      order by 1, 2`);
    for (const { of: id, address } of rows) {
      const wanted = canonical(address);
      if (wanted !== address)
        found.push(`${address} (${table}.${column}, ${of} ${id}; canonical: ${wanted ?? 'none'})`);
    }
  }
  if (found.length === 0) return 'all canonical';
  const rest = found.length - ADDRESSES_NAMED_MAX;
  const list = found.slice(0, ADDRESSES_NAMED_MAX).join(', ') + (rest > 0 ? ` and ${rest} more` : '');
  throw new Error(`not canonical, so that lookups miss them: ${list} (docs/operations.md, "Addresses")`);
}
