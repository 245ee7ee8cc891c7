import { canonicalAddress } from '../../access/network/ip-address.js';
import { positionOfCursor } from '../../kit/lists/cursor.js';
import { endOfRangeMs } from '../../kit/lists/date-range.js';
import { firstIdOf } from './entry-ids.js';
import type { OperatorRequestsQuery, RequestFilters } from './request-filters.dto.js';

/** Whose requests: an org's, those of a partner with all its orgs, or all. */
export type Owner = { readonly orgId: string } | { readonly partnerId: string } | 'all';

export type Search = RequestFilters & Pick<OperatorRequestsQuery, 'org_id' | 'partner_id'>;

type FilterName = Exclude<keyof Search, 'from' | 'to' | 'org_id' | 'partner_id'>;

/** Adds a value to those of a statement. @returns its parameter, such as `$3` */
export type AddValue = (value: string) => string;

interface LogIndex {
  readonly filters: readonly FilterName[];
  readonly beginsWithOrg: boolean;
}

/** By the filters that each serves, the most selective first. */
const INDEXES: readonly LogIndex[] = [
  { filters: ['request_id'], beginsWithOrg: false },
  { filters: ['credential_id'], beginsWithOrg: true },
  { filters: ['api_key_id'], beginsWithOrg: false },
  { filters: ['client_address'], beginsWithOrg: true },
  { filters: ['reason'], beginsWithOrg: true },
  { filters: ['route'], beginsWithOrg: true },
  { filters: ['service'], beginsWithOrg: true },
  { filters: ['outcome', 'status'], beginsWithOrg: true },
  { filters: ['method'], beginsWithOrg: true },
];

/** A search as SQL conditions. */
export interface SearchPlan {
  /** Of the rows that an index finds. */
  readonly indexed: readonly string[];
  /** Of the pairs of outcome and status whose rows are merged; undefined: rows are read in one index scan. */
  readonly pairs?: readonly string[];
  /** Of the rows found, those that are shown. */
  readonly remaining: readonly string[];
  readonly owner: readonly string[];
}

/**
 * Chooses the index of the most selective filter. Postgres would have to guess how rare a value is among the rows of one
 * org, and could read all of them to find few.
 */
export function planSearch(owner: Owner, search: Search, cursor: string | undefined, add: AddValue): SearchPlan {
  const ofOwner = ownerConditions(owner, search, add);
  const inTime = timeConditions(search, cursor, add);
  const conditions = filterConditions(owner, search, add);
  const isOfOrg = search.org_id !== undefined || (owner !== 'all' && 'orgId' in owner);
  const index = INDEXES.find(
    ({ filters, beginsWithOrg }) => (isOfOrg || !beginsWithOrg) && filters.some((name) => conditions.has(name)),
  );
  const split = (isServed: boolean) =>
    [...conditions].flatMap(([name, sql]) => ((index?.filters.includes(name) ?? false) === isServed ? sql : []));
  const base = { owner: ofOwner, remaining: split(false) };
  return index?.filters.includes('status')
    ? { ...base, indexed: [...ofOwner, ...inTime], pairs: split(true) }
    : { ...base, indexed: [...ofOwner, ...inTime, ...split(true)] };
}

/** All conditions of a search, for a short time in which the number of rows is small. */
export function conditionsOf(owner: Owner, search: Search, add: AddValue): string[] {
  const filters = filterConditions(owner, search, add).values();
  return [...ownerConditions(owner, search, add), ...timeConditions(search, undefined, add), ...filters];
}

export function ownerConditions(owner: Owner, { org_id, partner_id }: Search, add: AddValue): string[] {
  const conditions: string[] = [];
  if (owner === 'all') {
    if (partner_id !== undefined) conditions.push(`partner_id = ${add(partner_id)}::uuid`);
    if (org_id !== undefined) conditions.push(`org_id = ${add(org_id)}::uuid`);
  } else if ('orgId' in owner) {
    conditions.push(`org_id = ${add(owner.orgId)}::uuid`);
  } else {
    const partner = `${add(owner.partnerId)}::uuid`;
    conditions.push(`partner_id = ${partner}`);
    // NULL for an org of others, whose rows then aren't read.
    const own = (org: string) => `(SELECT id FROM orgs WHERE id = ${org}::uuid AND partner_id = ${partner})`;
    if (org_id !== undefined) conditions.push(`org_id = ${own(add(org_id))}`);
  }
  return conditions;
}

function timeConditions({ from, to }: Search, cursor: string | undefined, add: AddValue): string[] {
  const conditions: string[] = [];
  if (from !== undefined) conditions.push(`id >= ${add(firstIdOf(Date.parse(from)))}::uuid`);
  if (to !== undefined) conditions.push(`id < ${add(firstIdOf(endOfRangeMs(to) + 1))}::uuid`);
  if (cursor !== undefined) conditions.push(`id < ${add(positionOfCursor(cursor)!.id)}::uuid`);
  return conditions;
}

function filterConditions(owner: Owner, search: Search, add: AddValue): Map<FilterName, string> {
  const conditions = new Map<FilterName, string>();
  for (const name of ['method', 'route', 'outcome', 'reason', 'service', 'request_id'] as const) {
    const value = search[name];
    if (value !== undefined) conditions.set(name, `${name} = ${add(value)}`);
  }
  const { api_key_id, credential_id, client_address, status } = search;
  if (api_key_id !== undefined) conditions.set('api_key_id', `api_key_id = ${ownKeySql(owner, add(api_key_id), add)}`);
  if (credential_id !== undefined) conditions.set('credential_id', `credential_id = ${add(credential_id)}::uuid`);
  if (client_address !== undefined) {
    conditions.set('client_address', `client_address = ${add(canonicalAddress(client_address)!)}::inet`);
  }
  if (status !== undefined) {
    const [first, last] = status.endsWith('xx') ? [`${status[0]}00`, `${status[0]}99`] : [status, status];
    conditions.set('status', `status BETWEEN ${add(first)}::smallint AND ${add(last)}::smallint`);
  }
  return conditions;
}

/** SQL for the id of the owner's key; NULL for a key of others, whose rows then aren't read. */
function ownKeySql(owner: Owner, key: string, add: AddValue): string {
  if (owner === 'all') return `${key}::uuid`;
  if ('orgId' in owner) {
    return `(SELECT id FROM api_keys WHERE id = ${key}::uuid AND org_id = ${add(owner.orgId)}::uuid)`;
  }
  return `(SELECT api_keys.id FROM api_keys LEFT JOIN orgs ON orgs.id = api_keys.org_id
    WHERE api_keys.id = ${key}::uuid AND ${add(owner.partnerId)}::uuid IN (api_keys.partner_id, orgs.partner_id))`;
}
