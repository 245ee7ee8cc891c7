import {
  type ExportedKey,
  type ExportRecord,
  instantOf,
  isRecord,
  metadataOf,
  numberOf,
  textOf,
  textsOf,
} from './exported-key.js';

const SECOND_MS = 1_000;

/**
 * The keys of Kong's plugin key-auth in a declarative configuration, as decK and `kong config db_export` write it: inside
 * of their consumers, or beside them. They are in clear text.
 */
export function kongKeys(document: unknown, nowMs = Date.now()): ExportedKey[] {
  const root = isRecord(document) ? document : {};
  const consumers = recordsIn(root['consumers']);
  const nested = consumers.flatMap((consumer) =>
    recordsIn(consumer['keyauth_credentials']).map((credential) => keyOf(credential, consumer, root, nowMs)),
  );
  const beside = recordsIn(root['keyauth_credentials']).map((credential) =>
    keyOf(credential, consumerOf(credential['consumer'], consumers), root, nowMs),
  );
  return [...nested, ...beside];
}

function keyOf(credential: ExportRecord, consumer: ExportRecord, root: ExportRecord, nowMs: number): ExportedKey {
  const lost: string[] = [];
  const id = textOf(credential['id']);
  const name = textOf(consumer['username']) ?? textOf(consumer['custom_id']);
  const ttl = numberOf(credential['ttl']);
  const createdAt = numberOf(credential['created_at']);
  const tags = [...(textsOf(consumer['tags']) ?? []), ...(textsOf(credential['tags']) ?? [])];
  return {
    source: id ?? name ?? '',
    token: textOf(credential['key']) ?? '',
    row: {
      name,
      external_id: id,
      tags: [...new Set(tags)],
      created_at: createdAt === undefined ? undefined : instantOf(createdAt * SECOND_MS),
      // Kong counts the seconds that are left.
      expires_at: ttl === undefined || ttl === 0 ? undefined : new Date(nowMs + ttl * SECOND_MS).toISOString(),
      metadata: metadataOf({ consumer: consumer['username'], custom_id: consumer['custom_id'] }, lost),
    },
    permissions: groupsOf(consumer, root),
    lost,
  };
}

/** The groups of the plugin acl, which say what a consumer may reach. */
function groupsOf(consumer: ExportRecord, root: ExportRecord): string[] | undefined {
  const beside = recordsIn(root['acls']).filter((acl) => isSame(acl['consumer'], consumer));
  const groups = [...recordsIn(consumer['acls']), ...beside].flatMap(({ group }) => textOf(group) ?? []);
  return groups.length > 0 ? groups : undefined;
}

function consumerOf(reference: unknown, consumers: readonly ExportRecord[]): ExportRecord {
  return (
    consumers.find((consumer) => isSame(reference, consumer)) ??
    (isRecord(reference) ? reference : { username: reference })
  );
}

/** A reference is a name, an id, or an object with one of them. */
function isSame(reference: unknown, { id, username }: ExportRecord): boolean {
  const named = isRecord(reference) ? [reference['id'], reference['username']] : [reference];
  return named.some((name) => name !== undefined && name !== null && (name === id || name === username));
}

function recordsIn(value: unknown): ExportRecord[] {
  return Array.isArray(value) ? value.filter(isRecord) : [];
}
