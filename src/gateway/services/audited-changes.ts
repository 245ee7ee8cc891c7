import { isDeepStrictEqual } from 'node:util';
import type { Change } from '../../kit/audit/audit-entry.entity.js';
import { changesOf, givenFields } from '../../kit/audit/changes-of.js';
import type { ApiKey } from '../../tenancy/api-keys/api-key.entity.js';
import type { ServiceDeclaration } from '../declaration/service-declaration.js';

type Changed = Readonly<Record<string, Change>>;

/**
 * What the audit records of a changed service. Of its resources and routes those that differ, because an entry with
 * 10,000 routes can't be read.
 * @param before undefined: it is new
 * @param after undefined: it is deleted
 * @param keys those that were deleted with it
 */
export function auditedChanges(
  before: ServiceDeclaration | undefined,
  after: ServiceDeclaration | undefined,
  keys: readonly ApiKey[] = [],
): Changed | undefined {
  if (!before) return after && givenFields(fieldsOf(after));
  if (!after) return goneFields({ ...fieldsOf(before), keys: keys.map(({ id, name }) => ({ id, name })) });
  const changes = changesOf(fieldsOf(before), fieldsOf(after));
  return Object.fromEntries(Object.entries(changes).map(([field, change]) => [field, differingOf(change)]));
}

function fieldsOf({ label, description, url, full_access, resources, routes }: ServiceDeclaration) {
  return { label, description, url: url ?? null, full_access, resources, routes };
}

function goneFields(values: Readonly<Record<string, unknown>>): Changed {
  return Object.fromEntries(Object.entries(values).map(([field, before]) => [field, { before, after: null }]));
}

/** The entries of two lists that only one has; the whole lists if only their order differs. */
function differingOf(change: Change): Change {
  const { before, after } = change;
  if (!Array.isArray(before) || !Array.isArray(after)) return change;
  const texts = { before: new Set(before.map(textOf)), after: new Set(after.map(textOf)) };
  const differing = {
    before: before.filter((entry) => !texts.after.has(textOf(entry))),
    after: after.filter((entry) => !texts.before.has(textOf(entry))),
  };
  return isDeepStrictEqual(differing, { before: [], after: [] }) ? change : differing;
}

function textOf(entry: unknown): string {
  return JSON.stringify(entry);
}
