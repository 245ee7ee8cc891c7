import type pg from 'pg';
import { canonicalDomain, canonicalEmail } from '../../core/validation/address.js';

const ADDRESSES_NAMED_MAX = 20;
/** Where addresses are looked up by their canonical spelling. */
const ADDRESS_COLUMNS = [
  ['users', 'email', canonicalEmail],
  ['contacts', 'email', canonicalEmail],
  ['contacts', 'non_verified_email', canonicalEmail],
  ['agent_contacts', 'email', canonicalEmail],
  ['leads', 'email', canonicalEmail],
  ['blocked_domains', 'domain', canonicalDomain],
  ['mail_domains', 'domain_name', canonicalDomain],
  ['help_centers', 'custom_domain', canonicalDomain],
] as const;

/** Those that migration 0060 left since another row has the same address, and those that SQL wrote. */
export async function lookAtAddresses({ client }: { readonly client: pg.ClientBase }): Promise<string> {
  const found: string[] = [];
  for (const [table, column, canonical] of ADDRESS_COLUMNS) {
    const of = table === 'users' ? 'id' : 'org_id';
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
