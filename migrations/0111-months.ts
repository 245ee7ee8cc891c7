import type { MigrationInterface, QueryRunner } from 'typeorm';
import { boundOf, lockTogether } from './0109-month-bounds.js';

interface MonthTable {
  readonly table: string;
  /** The column that decides the month of a row. */
  readonly key: string;
  readonly primaryKey: string;
  readonly indexes: Readonly<Record<string, string>>;
  readonly foreignKeys: Readonly<Record<string, string>>;
  /** The column that retention compares. */
  readonly kept: string;
}

const TABLES: readonly MonthTable[] = [
  {
    table: 'key_usage',
    key: 'hour',
    primaryKey: 'key_id, hour',
    indexes: { key_usage_hour: 'hour', key_usage_org_hour: 'org_id, hour' },
    foreignKeys: {},
    kept: 'hour',
  },
  {
    table: 'key_refusals',
    key: 'hour',
    primaryKey: 'key_id, hour, reason',
    indexes: { key_refusals_hour: 'hour', key_refusals_org: 'org_id, hour' },
    foreignKeys: {},
    kept: 'hour',
  },
  {
    table: 'events',
    key: 'id',
    primaryKey: 'org_id, id',
    indexes: {
      events_org_type: 'org_id, type, id',
      events_org_event: 'org_id, event, id',
      events_org_occurred_at: 'org_id, occurred_at',
      events_created_at: 'created_at',
    },
    foreignKeys: {
      events_org_fk: '(org_id) REFERENCES orgs (id)',
      events_key_fk: '(api_key_id) REFERENCES api_keys (id)',
    },
    kept: 'created_at',
  },
];
/** The tables, and those that their foreign keys refer to. */
const LOCKED = [...TABLES.map(({ table }) => table), 'orgs', 'api_keys'];
const MONTHS_AHEAD = 3;
const POLICIES = ['org_read', 'org_insert', 'org_update', 'org_delete'];
const IS_OWN = `coalesce(current_setting('gatehouse.org_id', true), '') IN ('', org_id::text)`;

/**
 * Divides usage and events into months. Each table becomes the first partition of a new table with its name: nothing is
 * copied or read, because the bound that 0110 checked is that of the partition.
 */
export class Months1763800000111 implements MigrationInterface {
  readonly name = 'Months1763800000111';

  async up(runner: QueryRunner): Promise<void> {
    await this.createFunctions(runner);
    await lockTogether(runner, LOCKED);
    for (const table of TABLES) await this.divide(runner, table);
    await runner.query(`
      SELECT add_month((date_trunc('month', now() AT TIME ZONE 'UTC') + ahead * interval '1 month')::date)
      FROM generate_series(0, ${MONTHS_AHEAD}) ahead`);
  }

  /** Copies the rows. The tables are locked meanwhile. */
  async down(runner: QueryRunner): Promise<void> {
    await lockTogether(runner, LOCKED);
    for (const table of TABLES) await this.join(runner, table);
    await runner.query(`
      DROP FUNCTION keep_young_row();
      DROP FUNCTION drop_oldest_month(text, date);
      DROP FUNCTION add_month(date);
      DROP FUNCTION month_partitions(text);
    `);
  }

  /** The server owns no table, so functions of the owner add and drop its partitions. */
  private async createFunctions(runner: QueryRunner): Promise<void> {
    const [{ schema }] = await runner.query('SELECT quote_ident(current_schema()) AS schema');
    // Fixed, because a SECURITY DEFINER function could otherwise use a table of another schema.
    const asOwner = `SECURITY DEFINER SET search_path = pg_catalog, ${schema}, pg_temp SET lock_timeout = '300ms'`;
    const tables = TABLES.map(({ table }) => `'${table}'`).join(', ');
    const assertMayWrite = `
          IF NOT has_table_privilege(session_user, parent, 'DELETE') THEN
            RAISE insufficient_privilege USING MESSAGE = 'permission denied for table ' || parent;
          END IF;`;
    await runner.query(`
      -- The partitions of a table, and the first day after each. The first one has all older rows.
      CREATE FUNCTION month_partitions(parent text) RETURNS TABLE (name text, ends date, is_first boolean) LANGUAGE sql STABLE AS $$
        SELECT name, (to_date(right(name, 6), 'YYYYMM') + CASE WHEN is_first THEN '0' ELSE interval '1 month' END)::date, is_first
        FROM (
          SELECT relname::text AS name, relname ~ '_until_[0-9]{6}$' AS is_first
          FROM pg_inherits JOIN pg_class ON pg_class.oid = inhrelid WHERE inhparent = to_regclass(parent)
        ) partitions
      $$;

      -- Makes the partition of a month in each table, if it is missing.
      CREATE FUNCTION add_month(month date) RETURNS void LANGUAGE plpgsql ${asOwner} AS $$
      DECLARE
        parent text;
        partition text;
      BEGIN
        month := date_trunc('month', month);
        FOREACH parent IN ARRAY ARRAY[${tables}] LOOP${assertMayWrite}
          -- Two processes may find that the month is missing at once.
          PERFORM pg_advisory_xact_lock(hashtext(parent));
          partition := parent || '_' || to_char(month, 'YYYYMM');
          CONTINUE WHEN EXISTS (SELECT FROM month_partitions(parent) p WHERE p.name = partition OR p.is_first AND month < p.ends);
          EXECUTE format('CREATE TABLE ${schema}.%I (LIKE %I INCLUDING DEFAULTS INCLUDING CONSTRAINTS)', partition, parent);
          -- The server reaches it through its parent only.
          EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', partition);
          -- Lets others read and write meanwhile, unlike CREATE TABLE … PARTITION OF.
          EXECUTE format('ALTER TABLE %I ATTACH PARTITION %I FOR VALUES FROM (%L) TO (%L)', parent, partition,
            month_bound(parent, month), month_bound(parent, (month + interval '1 month')::date));
        END LOOP;
      END $$;

      -- Drops the oldest partition if all of it is before that day, and returns its name, else NULL.
      CREATE FUNCTION drop_oldest_month(parent text, before date) RETURNS text LANGUAGE plpgsql ${asOwner} AS $$
      DECLARE
        oldest text;
      BEGIN
        IF parent NOT IN (${tables}) THEN RAISE invalid_parameter_value USING MESSAGE = 'no table of months: ' || parent; END IF;${assertMayWrite}
        -- Two processes may find the same one.
        PERFORM pg_advisory_xact_lock(hashtext(parent));
        SELECT p.name INTO oldest FROM month_partitions(parent) p WHERE p.ends <= before ORDER BY p.ends LIMIT 1;
        IF oldest IS NOT NULL THEN EXECUTE format('DROP TABLE %I', oldest); END IF;
        RETURN oldest;
      END $$;

      -- Release 0.1.0 deletes by ctid, and rows of several partitions have the same one. To be dropped a release later.
      CREATE FUNCTION keep_young_row() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NULL; END $$;
    `);
  }

  private async divide(runner: QueryRunner, each: MonthTable): Promise<void> {
    const { table, key, kept } = each;
    const first = await boundOf(runner, table);
    const [{ bound }] = await runner.query(
      `SELECT quote_literal(month_bound('${table}', to_date(right('${first}', 6), 'YYYYMM'))) AS bound`,
    );
    await runner.query(`
      ALTER TABLE ${table} RENAME TO ${first};
      DO $$ DECLARE index text; BEGIN
        FOR index IN SELECT relname FROM pg_index JOIN pg_class ON pg_class.oid = indexrelid WHERE indrelid = '${first}'::regclass LOOP
          EXECUTE format('ALTER INDEX %I RENAME TO %I', index, replace(index, '${table}_', '${first}_'));
        END LOOP;
      END $$;
      CREATE TABLE ${table} (LIKE ${first} INCLUDING DEFAULTS INCLUDING CONSTRAINTS) PARTITION BY RANGE (${key});
      ALTER TABLE ${table} DROP CONSTRAINT ${first}`);
    await this.complete(runner, each, first);
    await runner.query(`
      ALTER TABLE ${table} ATTACH PARTITION ${first} FOR VALUES FROM (MINVALUE) TO (${bound});
      ALTER TABLE ${first} DROP CONSTRAINT ${first};
      CREATE TRIGGER keep_young_row BEFORE DELETE ON ${table} FOR EACH ROW
        WHEN (old.${kept} >= now() - interval '400 days' AND current_query() LIKE '%WHERE ctid = ANY%')
        EXECUTE FUNCTION keep_young_row();
      ${POLICIES.map((name) => `DROP POLICY IF EXISTS ${name} ON ${first}`).join(';\n')};
      ALTER TABLE ${first} ENABLE ROW LEVEL SECURITY`);
  }

  private async join(runner: QueryRunner, each: MonthTable): Promise<void> {
    const { table, key } = each;
    const divided = `${table}_by_month`;
    await runner.query(`
      ALTER TABLE ${table} RENAME TO ${divided};
      ${Object.keys(each.indexes)
        .map((name) => `ALTER INDEX ${name} RENAME TO ${divided}_${name}`)
        .join(';\n')};
      ALTER INDEX ${table}_pkey RENAME TO ${divided}_pkey;
      CREATE TABLE ${table} (LIKE ${divided} INCLUDING DEFAULTS INCLUDING CONSTRAINTS);
      INSERT INTO ${table} SELECT * FROM ${divided}`);
    await this.complete(runner, each, divided);
    // What 0109 has added and its "down" expects.
    await runner.query(`
      DO $$ DECLARE month date := (
        SELECT coalesce(max(ends), date_trunc('month', now())::date) FROM month_partitions('${divided}'));
      BEGIN
        EXECUTE format('ALTER TABLE ${table} ADD CONSTRAINT ${table}_until_%s CHECK (${key} < %L)', to_char(month, 'YYYYMM'),
          month_bound('${table}', month));
      END $$;
      DROP TABLE ${divided}`);
  }

  /** Gives a new table what the one before it had: keys, indexes, policies, and the privileges of the server's role. */
  private async complete(runner: QueryRunner, each: MonthTable, before: string): Promise<void> {
    const { table, primaryKey, indexes, foreignKeys } = each;
    await runner.query(`
      ALTER TABLE ${table} ADD CONSTRAINT ${table}_pkey PRIMARY KEY (${primaryKey});
      ${Object.entries(indexes)
        .map(([name, columns]) => `CREATE INDEX ${name} ON ${table} (${columns})`)
        .join(';\n')};
      ${Object.entries(foreignKeys)
        .map(([name, key]) => `ALTER TABLE ${table} ADD CONSTRAINT ${name} FOREIGN KEY ${key};`)
        .join('\n')}
      CREATE POLICY org_read ON ${table} FOR SELECT USING (true);
      CREATE POLICY org_insert ON ${table} FOR INSERT WITH CHECK (${IS_OWN});
      CREATE POLICY org_update ON ${table} FOR UPDATE USING (${IS_OWN}) WITH CHECK (${IS_OWN});
      CREATE POLICY org_delete ON ${table} FOR DELETE USING (${IS_OWN});
      ALTER TABLE ${table} ENABLE ROW LEVEL SECURITY;
      -- Running servers use the table as soon as this commits.
      DO $$ DECLARE granted record; BEGIN
        FOR granted IN SELECT DISTINCT grantee::regrole AS role FROM pg_class, aclexplode(relacl)
          WHERE pg_class.oid = '${before}'::regclass AND grantee NOT IN (0, relowner)
        LOOP
          EXECUTE format('GRANT SELECT, INSERT, UPDATE, DELETE ON ${table} TO %s', granted.role);
          EXECUTE format('REVOKE ALL ON ${before} FROM %s', granted.role);
        END LOOP;
      END $$`);
  }
}
