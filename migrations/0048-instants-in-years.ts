import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Columns that clients write or authentication uses. Training also needs its start before its end. */
const COLUMNS = [
  ['api_keys', 'expires_at'],
  ['key_credentials', 'retires_at'],
  ['sessions', 'expires_at'],
  ['login_links', 'expires_at'],
  ['events', 'occurred_at'],
  ['calls', 'started_at'],
  ['contacts', 'unsubscribed_at'],
] as const;
const FIRST = '0001-01-01T00:00:00.000Z';
const LAST = '9999-12-31T23:59:59.999Z';

/**
 * `Date.parse` can't read the way Postgres writes a year of five digits, so a credential with such an expiry outlived
 * its rotation. Stored values become the nearest instant of the years 1 to 9999.
 */
export class InstantsInYears1763800000048 implements MigrationInterface {
  readonly name = 'InstantsInYears1763800000048';

  async up(runner: QueryRunner): Promise<void> {
    for (const [table, column] of COLUMNS) {
      const isInYears = `${column} BETWEEN '${FIRST}' AND '${LAST}'`;
      await runner.query(`
        UPDATE ${table} SET ${column} = least(greatest(${column}, '${FIRST}'), '${LAST}') WHERE NOT (${isInYears});
        ALTER TABLE ${table} ADD CONSTRAINT ${table}_years CHECK (${isInYears});`);
    }
    await runner.query(`
      UPDATE training SET
        start_time = least(greatest(start_time, '${FIRST}'), '${LAST}'::timestamptz - interval '1 millisecond'),
        end_time = least(greatest(end_time, '${FIRST}'::timestamptz + interval '1 millisecond'), '${LAST}')
      WHERE NOT (start_time BETWEEN '${FIRST}' AND '${LAST}') OR NOT (end_time BETWEEN '${FIRST}' AND '${LAST}');
      ALTER TABLE training ADD CONSTRAINT training_years
        CHECK (start_time BETWEEN '${FIRST}' AND '${LAST}' AND end_time BETWEEN '${FIRST}' AND '${LAST}');`);
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const table of [...COLUMNS.map(([name]) => name), 'training']) {
      await runner.query(`ALTER TABLE ${table} DROP CONSTRAINT ${table}_years`);
    }
  }
}
