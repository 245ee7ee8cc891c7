import type { MigrationInterface, QueryRunner } from 'typeorm';
import { canonicalDomain, canonicalEmail } from '../src/core/validation/address.js';

interface AddressColumn {
  readonly table: string;
  readonly column: string;
  readonly key: readonly string[];
  readonly canonical: (text: string) => string | undefined;
  /** The scope of a unique address. */
  readonly uniqueWithin?: readonly string[];
  readonly where?: string;
}

const OF_ORG = { key: ['org_id', 'id'], canonical: canonicalEmail } as const;
const QUEUED = { ...OF_ORG, table: 'mail_messages', where: `status = 'queued'` } as const;
const COLUMNS: readonly AddressColumn[] = [
  { table: 'users', column: 'email', key: ['id'], canonical: canonicalEmail, uniqueWithin: [] },
  { table: 'login_links', column: 'email', key: ['digest'], canonical: canonicalEmail },
  { ...OF_ORG, table: 'contacts', column: 'email', uniqueWithin: ['org_id'] },
  { ...OF_ORG, table: 'contacts', column: 'non_verified_email' },
  { ...OF_ORG, table: 'agent_contacts', column: 'email' },
  { ...OF_ORG, table: 'leads', column: 'email' },
  { ...QUEUED, column: 'from_email' },
  { ...QUEUED, column: 'to_email' },
  { table: 'help_centers', column: 'custom_domain', key: ['org_id'], canonical: canonicalDomain },
];
const BATCH_ROWS = 1_000;

/**
 * A contact whose canonical address is another's keeps its own spelling. That it is unsubscribed or blocked holds for
 * the other too, since the address now leads to that one.
 */
const SHARE_REFUSALS = [
  `UPDATE contacts SET unsubscribed_at = twin.unsubscribed_at FROM contacts twin
   WHERE contacts.org_id = $1 AND contacts.email = $3 AND contacts.unsubscribed_at IS NULL
     AND twin.org_id = $1 AND twin.id = $2 AND twin.unsubscribed_at IS NOT NULL`,
  `INSERT INTO blocked_contacts (id, org_id, contact_id, reason)
   SELECT gen_random_uuid(), $1, contacts.id, blocked.reason FROM blocked_contacts blocked
   JOIN contacts ON contacts.org_id = $1 AND contacts.email = $3
   WHERE blocked.org_id = $1 AND blocked.contact_id = $2
   ON CONFLICT DO NOTHING`,
];

/** Rewrites stored addresses in their canonical spelling; `gatehouse doctor` lists those that collide with another. */
export class CanonicalAddresses1763800000060 implements MigrationInterface {
  readonly name = 'CanonicalAddresses1763800000060';

  async up(runner: QueryRunner): Promise<void> {
    for (const column of COLUMNS) await rewrite(runner, column);
    await rewriteSequences(runner);
  }

  /** Does nothing: the earlier spelling is lost, and the schema is unchanged. */
  async down(): Promise<void> {}
}

async function rewrite(runner: QueryRunner, { table, column, key, canonical, ...rest }: AddressColumn): Promise<void> {
  const { uniqueWithin, where = 'true' } = rest;
  const isSame = (names: readonly string[], first: number) =>
    names.map((name, index) => ` AND ${table}.${name} = $${first + index}`).join('');
  const isFree =
    uniqueWithin === undefined
      ? ''
      : ` AND NOT EXISTS (SELECT FROM ${table} other WHERE other.${column} = $1${uniqueWithin.map((name) => ` AND other.${name} = ${table}.${name}`).join('')})`;
  const update = `UPDATE ${table} SET ${column} = $1 WHERE true${isSame(key, 2)}${isFree} RETURNING 1`;
  // In ASCII only upper case and needless quotes can differ from the canonical spelling.
  const mayDiffer = `(octet_length(${column}) > char_length(${column}) OR ${column} ~ '[A-Z"]')`;
  await inBatches(runner, table, key, `${column} AS address`, `${where} AND ${mayDiffer}`, async (row) => {
    const address = canonical(row['address'] as string);
    if (address === undefined || address === row['address']) return;
    const values = key.map((name) => row[name]);
    const [updated] = (await runner.query(update, [address, ...values])) as [unknown[], number];
    if (updated.length > 0 || table !== 'contacts') return;
    for (const sql of SHARE_REFUSALS) await runner.query(sql, [...values, address]);
  });
}

/** Updates senders in steps and domains in filters. */
async function rewriteSequences(runner: QueryRunner): Promise<void> {
  await inBatches(runner, 'sequences', ['org_id', 'id'], 'filter, steps', 'true', async ({ org_id, id, ...stored }) => {
    const before = JSON.stringify(stored);
    const { filter, steps } = JSON.parse(before, (name, value: unknown) => {
      if (name === 'from_email' && typeof value === 'string') return canonicalEmail(value) ?? value;
      if (name !== 'domain_name_in' || !Array.isArray(value)) return value;
      return (value as string[]).map((domain) => canonicalDomain(domain) ?? domain.toLowerCase());
    }) as Record<string, unknown>;
    if (JSON.stringify({ filter, steps }) === before) return;
    await runner.query('UPDATE sequences SET filter = $3, steps = $4 WHERE org_id = $1 AND id = $2', [
      org_id,
      id,
      filter === null ? null : JSON.stringify(filter),
      JSON.stringify(steps),
    ]);
  });
}

/** Reads rows in the order of the key, which is oldest first for UUID v7. */
async function inBatches(
  runner: QueryRunner,
  table: string,
  key: readonly string[],
  columns: string,
  where: string,
  visit: (row: Readonly<Record<string, unknown>>) => Promise<void>,
): Promise<void> {
  const names = key.join(', ');
  let last: unknown[] | undefined;
  for (;;) {
    const after = last === undefined ? '' : `AND (${names}) > (${key.map((_, index) => `$${index + 1}`).join(', ')})`;
    const rows = (await runner.query(
      `SELECT ${names}, ${columns} FROM ${table} WHERE ${where} ${after} ORDER BY ${names} LIMIT ${BATCH_ROWS}`,
      last,
    )) as Record<string, unknown>[];
    for (const row of rows) await visit(row);
    if (rows.length < BATCH_ROWS) return;
    last = key.map((name) => rows.at(-1)![name]);
  }
}
