/**
 * Turns the SELECT of a credential into a fill: the same row, and the version of the snapshot that it was read in.
 *
 * `credentialSelect` reads at most one row, from the key's digest on, with everything that the verdict rests on joined
 * to it. The answer is always one row: `version` (a number) and the SELECT's columns, all null when the digest is
 * unknown. Run it on the primary, as one statement in autocommit: in an older snapshot, or as two statements, the
 * version would say nothing about the row. Tag what it read: `key:<id>`, `org:<id>`, `partner:<id>`, and so on for
 * every row joined; no tags when the digest is unknown.
 * @example atVersion('select k.id, o.archived_at from key_credentials c join api_keys k on … where c.digest = $1')
 */
export function atVersion(credentialSelect: string): string {
  // float8 reaches JavaScript as a number, which bigint doesn't; it is exact far beyond any count of changes.
  return `select v.version::float8 as version, credential.*
    from access_version v left join lateral (${credentialSelect}) credential on true`;
}
