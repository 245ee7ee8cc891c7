import { rowId } from '../../../core/wire/row-id.js';
import { lastUsedSql } from '../../../kit/usage/usage-sql.js';
import { resourcesOfServiceSql } from '../../services/service-sql.js';
import { LABEL_FILTERS } from '../key-labels.js';
import { KEY_STATE } from '../key-sql.js';
import type { BulkAction, KeyFilterDto } from './bulk-keys.dto.js';

/** Whose keys: those of an org, of all orgs of a partner, of a partner with its orgs, or of all partners and orgs. */
export type KeyOwners =
  { readonly orgId: string } | { readonly orgsOf: string } | { readonly partnerId: string } | 'everything';

/** A SQL condition over `api_keys`, with its values from $1 on. */
export interface KeySelection {
  readonly condition: string;
  readonly values: readonly unknown[];
}

type Present = { readonly [Name in keyof KeyFilterDto]-?: NonNullable<KeyFilterDto[Name]> };

/** @param parameter such as `$2` */
const CONDITIONS: { readonly [Name in keyof Present]: (parameter: string) => string } = {
  tag: LABEL_FILTERS.tag.condition,
  creator: (parameter) => `created_by_id = ${parameter}::uuid`,
  scope: (parameter) => `scopes @> ARRAY[${parameter}::text]`,
  idle_since: (parameter) =>
    `created_at < ${parameter}::timestamptz AND coalesce(${lastUsedSql('api_keys.id')} < ${parameter}::timestamptz, true)`,
  expires_before: (parameter) => `expires_at < ${parameter}::timestamptz`,
  service: (parameter) => `EXISTS (
    SELECT FROM unnest(scopes) scope WHERE split_part(scope, ':', 1) = ANY (${resourcesOfServiceSql(parameter)}))`,
  ids: (parameter) => `api_keys.id = ANY (${parameter}::uuid[])`,
};

/** Undefined: the filter has no condition, which would select every key. */
export function selectionOf(owners: KeyOwners, filter: KeyFilterDto): KeySelection | undefined {
  const given = Object.entries(filter).filter(([, value]) => value != null) as [keyof Present, string | string[]][];
  if (given.length === 0) return undefined;
  const all = allOf(owners);
  const conditions = given.map(([name], index) => CONDITIONS[name](`$${all.values.length + index + 1}`));
  return {
    condition: [all.condition, ...conditions].map((each) => `(${each})`).join(' AND '),
    // A text that is no UUID is the id of no key.
    values: [...all.values, ...given.map(([, value]) => (Array.isArray(value) ? value.map(rowId) : value))],
  };
}

/** Every key of the owners that isn't revoked. Archived orgs keep theirs, which nothing admits any more. */
export function allOf(owners: KeyOwners): KeySelection {
  const [whose, ...values] = ownedBy(owners);
  return { condition: `(${whose}) AND revoked_at IS NULL`, values };
}

function ownedBy(owners: KeyOwners): [condition: string, ...values: string[]] {
  const ofOrgs = (which: string) => `org_id IN (SELECT orgs.id FROM orgs WHERE archived_at IS NULL${which})`;
  if (owners === 'everything') return [`partner_id IS NOT NULL OR ${ofOrgs('')}`];
  if ('orgId' in owners) return ['org_id = $1', owners.orgId];
  if ('orgsOf' in owners) return [ofOrgs(' AND orgs.partner_id = $1'), owners.orgsOf];
  return [`partner_id = $1 OR ${ofOrgs(' AND orgs.partner_id = $1')}`, owners.partnerId];
}

/** SQL over `api_keys`: whether an action changes the key. @param expiryOf called once if the new expiry matters; its SQL */
export function changesSql(action: BulkAction, expiryOf: () => string): string {
  switch (action) {
    case 'suspend':
      return `${KEY_STATE} = 'active'`;
    case 'resume':
      return `${KEY_STATE} = 'suspended'`;
    case 'revoke':
      return 'revoked_at IS NULL';
    case 'set_expiry':
      // Only the name and the description of a typed key can change (S4).
      return `${KEY_STATE} IN ('active', 'suspended') AND type = 'standard'
        AND expires_at IS DISTINCT FROM ${expiryOf()}`;
  }
}
