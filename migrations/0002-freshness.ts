import type { MigrationInterface, QueryRunner } from 'typeorm';
import { ringOnChange } from './ring-on-change.js';

/**
 * Versions, changes and leases: how every process drops a cached credential before the call that changed it answers.
 * `docs/decisions/0001-freshness.md` says why it is right.
 */
export class Freshness1763800000002 implements MigrationInterface {
  readonly name = 'Freshness1763800000002';

  async up(runner: QueryRunner): Promise<void> {
    await this.createTables(runner);
    await this.createStamp(runner);
    await this.createRing(runner);
    await ringOnChange(runner, {
      table: 'partners',
      tag: 'partner',
      idColumn: 'id',
      columns: ['name', 'is_active', 'allowed_ips'],
    });
    await ringOnChange(runner, {
      table: 'orgs',
      tag: 'org',
      idColumn: 'id',
      columns: ['partner_id', 'archived_at'],
    });
    await ringOnChange(runner, {
      table: 'api_keys',
      tag: 'key',
      idColumn: 'id',
      columns: [
        'org_id',
        'partner_id',
        'kind',
        'type',
        'name',
        'description',
        'masked_key',
        'scopes',
        'agent_id',
        'allowed_ips',
        'allowed_origins',
        'rate_per_minute',
        'rate_per_hour',
        'created_at',
        'acknowledged_at',
        'expires_at',
        'revoked_at',
      ],
    });
    await ringOnChange(runner, {
      table: 'key_credentials',
      tag: 'key',
      idColumn: 'key_id',
      columns: ['digest', 'secret_hash', 'retires_at'],
    });
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      DROP FUNCTION access_ring() CASCADE;
      DROP FUNCTION access_ring_on_change(regclass, text, text, text[]);
      DROP TABLE access_ringing_table, access_lease, access_change, access_version;
      DROP FUNCTION access_stamp();
    `);
  }

  private async createTables(runner: QueryRunner): Promise<void> {
    await runner.query(`
      -- One row; room on its page for its own updates, which come with every commit that rings.
      CREATE TABLE access_version (
        one boolean PRIMARY KEY DEFAULT true,
        version bigint NOT NULL,
        CONSTRAINT access_version_one_row CHECK (one)
      ) WITH (fillfactor = 10);
      INSERT INTO access_version (version) VALUES (0);

      -- tags: the rows that changed ('key:<id>', 'org:<id>', …); {}: something new exists; null: everything.
      -- version is null until COMMIT. No index covers null versions: it would fill with dead entries.
      CREATE TABLE access_change (
        id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
        xid xid8 NOT NULL DEFAULT pg_current_xact_id(),
        version bigint,
        tags text[]
      );
      CREATE INDEX access_change_xid ON access_change (xid);
      CREATE INDEX access_change_version ON access_change (version) WHERE version IS NOT NULL;

      -- Logged: a crash that emptied it would leave processes that trust and that nobody waits for.
      CREATE TABLE access_lease (
        id uuid PRIMARY KEY,
        beat bigint NOT NULL DEFAULT 0,
        acked bigint NOT NULL DEFAULT -1,
        instance text NOT NULL
      ) WITH (fillfactor = 10);

      -- Which tables must have the triggers, so that a dropped one is noticed.
      CREATE TABLE access_ringing_table (target regclass PRIMARY KEY);
    `);
  }

  /**
   * The version is taken at COMMIT, as the transaction's last lock: held until the commit is visible, it makes version
   * order the order of visibility, and it can't deadlock with rows that the application holds.
   */
  private async createStamp(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE FUNCTION access_stamp() RETURNS trigger
      LANGUAGE plpgsql SECURITY DEFINER SET search_path = ${await fixedSearchPath(runner)} AS $$
      DECLARE
        committed bigint;
      BEGIN
        -- The first firing stamps the whole transaction; the later ones find their row stamped.
        IF NOT EXISTS (SELECT FROM access_change WHERE id = new.id AND version IS NULL) THEN RETURN NULL; END IF;
        UPDATE access_version SET version = version + 1 RETURNING version INTO STRICT committed;
        UPDATE access_change SET version = committed WHERE xid = pg_current_xact_id() AND version IS NULL;
        PERFORM pg_notify('access', committed::text);
        RETURN NULL;
      END $$;
      REVOKE EXECUTE ON FUNCTION access_stamp() FROM PUBLIC;

      CREATE CONSTRAINT TRIGGER access_stamp AFTER INSERT ON access_change
        DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION access_stamp();
      ALTER TABLE access_change ENABLE ALWAYS TRIGGER access_stamp;
    `);
  }

  private async createRing(runner: QueryRunner): Promise<void> {
    await runner.query(`
      -- Arguments: the tag, its column, then the columns that a fill reads, the tag's column among them.
      CREATE FUNCTION access_ring() RETURNS trigger
      LANGUAGE plpgsql SECURITY DEFINER SET search_path = ${await fixedSearchPath(runner)} AS $$
      DECLARE
        tags_max CONSTANT integer := 20000;
        read_columns text;
        changed text;
        changed_tags text[];
      BEGIN
        IF tg_op = 'INSERT' THEN
          IF EXISTS (SELECT FROM new_rows) THEN INSERT INTO access_change (tags) VALUES ('{}'); END IF;
          RETURN NULL;
        ELSIF tg_op = 'TRUNCATE' THEN
          INSERT INTO access_change (tags) VALUES (NULL);
          RETURN NULL;
        ELSIF tg_op = 'DELETE' THEN
          changed := 'old_rows';
        ELSE
          SELECT string_agg(quote_ident(argument), ', ') INTO read_columns FROM unnest(tg_argv[2:]) argument;
          changed := format(
            '((SELECT %1$s FROM old_rows EXCEPT SELECT %1$s FROM new_rows)
              UNION (SELECT %1$s FROM new_rows EXCEPT SELECT %1$s FROM old_rows))', read_columns);
        END IF;
        EXECUTE format('SELECT array_agg(tag) FROM (SELECT DISTINCT %L || %I AS tag FROM %s rows LIMIT %s) tags',
          tg_argv[0] || ':', tg_argv[1], changed, tags_max + 1) INTO changed_tags;
        IF changed_tags IS NOT NULL THEN
          INSERT INTO access_change (tags)
            VALUES (CASE WHEN cardinality(changed_tags) <= tags_max THEN changed_tags END);
        END IF;
        RETURN NULL;
      END $$;
      -- Else anybody could let it run a type of their own with the owner's rights.
      REVOKE EXECUTE ON FUNCTION access_ring() FROM PUBLIC;

      CREATE FUNCTION access_ring_on_change(target regclass, tag text, id_column text, columns text[]) RETURNS void
      LANGUAGE plpgsql AS $$
      DECLARE
        arguments text;
        event text;
        transition_tables text;
      BEGIN
        IF NOT EXISTS (SELECT FROM pg_attribute WHERE attrelid = target AND attname = id_column AND attnotnull) THEN
          RAISE EXCEPTION '%.% must be NOT NULL: a change without an id would drop nothing', target, id_column;
        END IF;
        SELECT string_agg(quote_literal(argument), ', ') INTO arguments
          FROM unnest(ARRAY[tag, id_column, id_column] || columns) argument;
        FOR event, transition_tables IN VALUES
          ('insert', 'REFERENCING NEW TABLE AS new_rows'),
          ('update', 'REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows'),
          ('delete', 'REFERENCING OLD TABLE AS old_rows'),
          ('truncate', '')
        LOOP
          EXECUTE format('CREATE OR REPLACE TRIGGER access_ring_%1$s AFTER %1$s ON %2$s %3$s
            FOR EACH STATEMENT EXECUTE FUNCTION access_ring(%4$s)', event, target, transition_tables, arguments);
          -- Always: also for session_replication_role = replica, as restores and replication set it.
          EXECUTE format('ALTER TABLE %s ENABLE ALWAYS TRIGGER access_ring_%s', target, event);
        END LOOP;
        -- A column that isn't there fails the migration, not the first UPDATE.
        EXECUTE format('SELECT %s FROM %s LIMIT 0',
          (SELECT string_agg(quote_ident(name), ', ') FROM unnest(columns) name), target);
        INSERT INTO access_ringing_table (target) VALUES (target) ON CONFLICT DO NOTHING;
      END $$;
      REVOKE EXECUTE ON FUNCTION access_ring_on_change(regclass, text, text, text[]) FROM PUBLIC;
    `);
  }
}

/** A fixed search path, because a SECURITY DEFINER function could otherwise use a table of another schema. */
async function fixedSearchPath(runner: QueryRunner): Promise<string> {
  const [row] = await runner.query('SELECT quote_ident(current_schema()) AS schema');
  return `pg_catalog, ${row.schema}, pg_temp`;
}
