import {
  booleanOf,
  type ExportedKey,
  type ExportRecord,
  instantOf,
  isRecord,
  jsonOf,
  metadataOf,
  numberOf,
  rateLimitOf,
  textOf,
  textsOf,
} from './exported-key.js';

/**
 * A key of Unkey: a row of its table `keys`, an object of `keys.migrateKeys` or of `apis.listKeys`, whose `plaintext` is
 * there with `decrypt`. A deleted key is undefined.
 */
export function unkeyKey(record: ExportRecord): ExportedKey | undefined {
  if (textOf(record['deleted_at_m']) !== undefined) return undefined;
  const lost: string[] = [];
  const id = textOf(record['keyId']) ?? textOf(record['id']);
  const remaining = remainingOf(record);
  if (remaining !== undefined) lost.push('credits');
  const roles = textsOf(jsonOf(record['roles'])) ?? [];
  if (roles.length > 0) lost.push('roles');
  const facts = jsonOf(record['meta']);
  const token = textOf(record['plaintext']);
  return {
    source: id ?? textOf(record['start']) ?? '',
    ...(token !== undefined && { token }),
    row: {
      name: textOf(record['name']) ?? textOf(record['start']),
      hash: hashOf(record['hash']),
      start: textOf(record['start']),
      external_id: id,
      enabled: booleanOf(record['enabled']) !== false && remaining !== 0,
      expires_at: instantOf(record['expires']),
      created_at: instantOf(record['createdAt'] ?? record['created_at_m']),
      rate_limit: rateOf(jsonOf(record['ratelimits']), lost),
      metadata: metadataOf({ external_id: ownerOf(record), ...(isRecord(facts) ? facts : {}) }, lost),
    },
    permissions: textsOf(jsonOf(record['permissions']))?.map(scopeOf),
    lost,
  };
}

/** The API takes `{value, variant}` too. */
function hashOf(value: unknown): string | undefined {
  return textOf(isRecord(value) ? value['value'] : value);
}

function ownerOf({ externalId, identity, identity_id, owner_id }: ExportRecord): string | undefined {
  const ofIdentity = isRecord(identity) ? textOf(identity['externalId']) : undefined;
  return textOf(externalId) ?? ofIdentity ?? textOf(identity_id) ?? textOf(owner_id);
}

function remainingOf({ credits, remaining_requests }: ExportRecord): number | undefined {
  return numberOf(isRecord(credits) ? credits['remaining'] : remaining_requests);
}

/** `documents.read` is `documents:read`. */
function scopeOf(permission: string): string {
  const dot = permission.lastIndexOf('.');
  return dot < 0 ? permission : `${permission.slice(0, dot)}:${permission.slice(dot + 1)}`;
}

/** Only one limit can be kept: the first that applies to every request. */
function rateOf(value: unknown, lost: string[]) {
  const limits = Array.isArray(value) ? value.filter(isRecord) : [];
  const [first, ...others] = limits.toSorted(
    (a, b) => Number(b['autoApply'] === true) - Number(a['autoApply'] === true),
  );
  if (others.length > 0) lost.push('further rate limits');
  return first && rateLimitOf(numberOf(first['limit']), numberOf(first['duration']), lost);
}
