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

/** A row of the table `apikey` of Better Auth's plugin, in JSON or CSV. */
export function betterAuthKey(record: ExportRecord): ExportedKey {
  const lost: string[] = [];
  const id = textOf(record['id']);
  const remaining = numberOf(record['remaining']);
  if (remaining !== undefined) lost.push('remaining requests');
  if (textOf(record['refillAmount']) !== undefined) lost.push('refills');
  const isLimited = booleanOf(record['rateLimitEnabled']) ?? true;
  const facts = jsonOf(record['metadata']);
  return {
    source: id ?? textOf(record['start']) ?? '',
    row: {
      name: textOf(record['name']) ?? textOf(record['start']),
      hash: textOf(record['key']),
      start: textOf(record['start']),
      external_id: id,
      // Without requests left, it would be refused there too.
      enabled: booleanOf(record['enabled']) !== false && remaining !== 0,
      expires_at: instantOf(record['expiresAt']),
      created_at: instantOf(record['createdAt']),
      rate_limit: isLimited
        ? rateLimitOf(numberOf(record['rateLimitMax']), numberOf(record['rateLimitTimeWindow']), lost)
        : undefined,
      metadata: metadataOf(
        {
          // `userId` before version 1.5.
          reference_id: textOf(record['referenceId']) ?? textOf(record['userId']),
          ...(isRecord(facts) ? facts : {}),
        },
        lost,
      ),
    },
    permissions: permissionsOf(jsonOf(record['permissions'])),
    lost,
  };
}

/** `{"files": ["read"]}` is `files:read`. */
function permissionsOf(value: unknown): string[] | undefined {
  if (!isRecord(value)) return undefined;
  return Object.entries(value).flatMap(([resource, actions]) =>
    (textsOf(actions) ?? []).map((action) => `${resource}:${action}`),
  );
}
