import {
  booleanOf,
  type ExportedKey,
  type ExportRecord,
  instantOf,
  isRecord,
  jsonOf,
  numberOf,
  textOf,
} from './exported-key.js';

const METADATA = 'metadata.';
/** Columns that are taken as they are. */
const PLAIN = ['name', 'description', 'hash', 'lookup', 'access', 'external_id', 'start', 'end'] as const;
const OTHERS = [
  ...['key', 'scopes', 'tags', 'allowed_ips', 'metadata', 'enabled', 'expires_at', 'created_at'],
  ...['rate_limit_per_minute', 'rate_limit_per_hour'],
];
const KNOWN: ReadonlySet<string> = new Set([...PLAIN, ...OTHERS]);

/** The names of columns that no key has. */
export function unknownColumns(record: ExportRecord): string[] {
  return Object.keys(record).filter((name) => !KNOWN.has(name) && !name.startsWith(METADATA));
}

/** A row of a CSV file whose columns are named as the fields of the API. Lists are separated by blanks. */
export function csvKey(record: ExportRecord): ExportedKey {
  const token = textOf(record['key']);
  const per_minute = numberOf(record['rate_limit_per_minute']);
  const per_hour = numberOf(record['rate_limit_per_hour']);
  const facts = jsonOf(record['metadata']);
  const pairs = Object.entries(record)
    .filter(([name, value]) => name.startsWith(METADATA) && value !== '')
    .map(([name, value]) => [name.slice(METADATA.length), value]);
  return {
    source: textOf(record['external_id']) ?? textOf(record['name']) ?? '',
    ...(token !== undefined && { token }),
    row: {
      ...Object.fromEntries(PLAIN.map((name) => [name, textOf(record[name])])),
      tags: wordsIn(record['tags']),
      allowed_ips: wordsIn(record['allowed_ips']),
      // A text that is no boolean is refused.
      enabled: booleanOf(record['enabled']) ?? textOf(record['enabled']),
      expires_at: instantOf(record['expires_at']),
      created_at: instantOf(record['created_at']),
      rate_limit: per_minute === undefined && per_hour === undefined ? undefined : { per_minute, per_hour },
      metadata: { ...(isRecord(facts) ? facts : {}), ...Object.fromEntries(pairs) },
    },
    permissions: wordsIn(record['scopes']),
    lost: [],
  };
}

function wordsIn(value: unknown): string[] | undefined {
  const words = (textOf(value) ?? '').split(' ').filter((word) => word !== '');
  return words.length > 0 ? words : undefined;
}
