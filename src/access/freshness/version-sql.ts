/**
 * Turns the SELECT of a credential into a fill: the same row, with the version of the snapshot that it was read in.
 *
 * `credentialSelect` reads at most one row by the digest, joined with every row that the result depends on. The answer
 * is always one row: `version` (a number) and the columns of the SELECT, all null when the digest is unknown. Run it on
 * the primary, as one statement in autocommit: in an older snapshot, or as two statements, the version would say nothing
 * about the row. Tag the result with each joined row: `key:<id>`, `org:<id>`, `partner:<id>`. Without a row: no tags.
 * @example atVersion('select k.id, o.archived_at from key_credentials c join api_keys k on … where c.digest = $1')
 */
export function atVersion(credentialSelect: string): string {
  // pg returns float8 as a number and bigint as text; float8 is exact up to 2^53.
  return `select v.version::float8 as version, credential.*
    from access_version v left join lateral (${credentialSelect}) credential on true`;
}
