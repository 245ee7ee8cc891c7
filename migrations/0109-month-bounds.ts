import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The tables that 0111 divides into months, each with the column that decides the month of a row. */
export const MONTH_TABLES = [
  { table: 'key_usage', key: 'hour' },
  { table: 'key_refusals', key: 'hour' },
  { table: 'events', key: 'id' },
] as const;

/** The time in a UUID v7. */
const TIME_OF_ID = `to_timestamp(('x' || translate(left(id::text, 13), '-', ''))::bit(48)::bigint / 1000.0)`;

/**
 * Bounds the rows of tables that become the first partition of their successors. Three migrations, because each lock must
 * be short: this one adds the bounds unchecked, 0110 checks them while others read and write, and 0111 divides the tables.
 */
export class MonthBounds1763800000109 implements MigrationInterface {
  readonly name = 'MonthBounds1763800000109';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      -- Where a month begins, as a bound of a partition: a UUID v7 for events, whose key is the id.
      CREATE FUNCTION month_bound(parent text, month date) RETURNS text LANGUAGE sql STABLE AS $$
        SELECT CASE parent
          WHEN 'events' THEN request_log_start_of(month)::text
          ELSE to_char(month, 'YYYY-MM-DD') || ' 00:00:00+00'
        END
      $$`);
    const bounds: string[] = [];
    for (const { table, key } of MONTH_TABLES) {
      const time = key === 'id' ? TIME_OF_ID : key;
      // At least a month away, so that the rows of the meantime satisfy it; later if a clock was wrong.
      const [{ until, bound }] = await runner.query(`
        SELECT to_char(month, 'YYYYMM') AS until, month_bound('${table}', month) AS bound FROM (
          SELECT greatest(
            date_trunc('month', now() AT TIME ZONE 'UTC') + interval '2 months',
            (SELECT date_trunc('month', ${time} AT TIME ZONE 'UTC') + interval '1 month' FROM ${table} ORDER BY ${key} DESC LIMIT 1)
          )::date AS month) first`);
      bounds.push(`ALTER TABLE ${table} ADD CONSTRAINT ${table}_until_${until} CHECK (${key} < '${bound}') NOT VALID`);
    }
    await lockTogether(
      runner,
      MONTH_TABLES.map(({ table }) => table),
    );
    await runner.query(bounds.join(';\n'));
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const { table } of MONTH_TABLES) {
      await runner.query(`ALTER TABLE ${table} DROP CONSTRAINT ${await boundOf(runner, table)}`);
    }
    await runner.query('DROP FUNCTION month_bound(text, date)');
  }
}

/** The name of a table's bound, such as `events_until_202702`. */
export async function boundOf(runner: QueryRunner, table: string): Promise<string> {
  const [{ name }] = await runner.query(
    `SELECT conname AS name FROM pg_constraint WHERE conrelid = '${table}'::regclass AND conname ~ '_until_[0-9]{6}$'`,
  );
  return name;
}

/**
 * Locks tables until the end of the migration. Later statements wait behind this lock, so it gives up each attempt
 * after 0.3 s and lets them go first.
 * @throws QueryFailedError after five minutes, because of a transaction that stays open
 */
export async function lockTogether(runner: QueryRunner, tables: readonly string[]): Promise<void> {
  await runner.query(`
    DO $$ BEGIN
      FOR attempt IN 1..300 LOOP
        BEGIN
          SET LOCAL lock_timeout = '300ms';
          LOCK TABLE ${tables.join(', ')} IN ACCESS EXCLUSIVE MODE;
          RETURN;
        EXCEPTION WHEN lock_not_available OR deadlock_detected THEN
          IF attempt = 300 THEN RAISE; END IF;
          PERFORM pg_sleep(0.7);
        END;
      END LOOP;
    END $$`);
}
