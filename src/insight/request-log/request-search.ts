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
  // Postgres would intersect two indexes, and read all that the owner has.
  if (index?.beginsWithOrg === false) {
    const remaining = [...ofOwner.indexed, ...ofOwner.implied, ...split(false)];
    return { owner: ofOwner.indexed, indexed: [...inTime, ...split(true)], remaining };
  }
  const base = { owner: ofOwner.indexed, remaining: [...ofOwner.implied, ...split(false)] };
  return index?.filters.includes('status')
    ? { ...base, indexed: [...ofOwner.indexed, ...inTime], pairs: split(true) }
    : { ...base, indexed: [...ofOwner.indexed, ...inTime, ...split(true)] };
}

/** All conditions of a search, for a short time in which the number of rows is small. */
export function conditionsOf(owner: Owner, search: Search, add: AddValue): string[] {
  const filters = filterConditions(owner, search, add).values();
  const { indexed, implied } = ownerConditions(owner, search, add);
  return [...indexed, ...implied, ...timeConditions(search, undefined, add), ...filters];
}

/** `implied` holds for all rows that `indexed` finds, or for none. */
interface OwnerConditions {
  readonly indexed: readonly string[];
  readonly implied: readonly string[];
}

export function ownerConditions(owner: Owner, { org_id, partner_id }: Search, add: AddValue): OwnerConditions {
  const is = (column: string, id: string | undefined) => (id === undefined ? [] : [`${column} = ${add(id)}::uuid`]);
  if (owner !== 'all' && 'orgId' in owner) return { indexed: is('org_id', owner.orgId), implied: [] };
  const ofPartner = is('partner_id', owner === 'all' ? partner_id : owner.partnerId);
  if (org_id === undefined) return { indexed: ofPartner, implied: [] };
  const ofOrg = is('org_id', org_id);
  if (owner === 'all') return { indexed: ofOrg, implied: ofPartner };
  // Rows of an org of others aren't read: a condition without columns is evaluated first.
  const isOwn = `(SELECT true FROM orgs WHERE id = ${add(org_id)}::uuid AND partner_id = ${add(owner.partnerId)}::uuid)`;
  return { indexed: [...ofOrg, isOwn], implied: ofPartner };
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
  if (api_key_id !== undefined) conditions.set('api_key_id', ofOwnKey(owner, add(api_key_id), add));
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

/**
 * The key is a value, for which Postgres knows how many rows there are, and not the result of a query. Rows aren't read if
 * it belongs to others: the condition without columns is evaluated first.
 */
function ofOwnKey(owner: Owner, key: string, add: AddValue): string {
  const isKey = `api_key_id = ${key}::uuid`;
  if (owner === 'all') return isKey;
  if ('orgId' in owner) {
    return `${isKey} AND (SELECT true FROM api_keys WHERE id = ${key}::uuid AND org_id = ${add(owner.orgId)}::uuid)`;
  }
  return `${isKey} AND (SELECT true FROM api_keys LEFT JOIN orgs ON orgs.id = api_keys.org_id
    WHERE api_keys.id = ${key}::uuid AND ${add(owner.partnerId)}::uuid IN (api_keys.partner_id, orgs.partner_id))`;
}
