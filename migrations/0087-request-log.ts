import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Who called what, and why it was refused. The id carries the time, so that the partition key, the time filter and the
 * cursor are one column.
 */
export class RequestLog1763800000087 implements MigrationInterface {
  readonly name = 'RequestLog1763800000087';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE request_log (
        id uuid PRIMARY KEY,
        at timestamptz(3) NOT NULL,
        request_id text NOT NULL,
        method text NOT NULL,
        route text,
        service text,
        status smallint NOT NULL,
        outcome text NOT NULL,
        code text,
        guard text,
        reason text,
        message text,
        api_key_id uuid,
        credential_id uuid,
        org_id uuid,
        partner_id uuid,
        service_id uuid,
        client_address inet,
        country character(2),
        user_agent text,
        duration_ms real NOT NULL,
        weight integer NOT NULL
      ) PARTITION BY RANGE (id);
      CREATE INDEX request_log_org ON request_log (org_id, id);
      CREATE INDEX request_log_partner ON request_log (partner_id, id);
      CREATE INDEX request_log_key ON request_log (api_key_id, id);
      CREATE INDEX request_log_request_id ON request_log (request_id);
    `);
    await this.createDays(runner);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      DROP FUNCTION drop_oldest_request_log_day(date);
      DROP FUNCTION add_request_log_day(date);
      DROP FUNCTION request_log_start_of(date);
      DROP TABLE request_log;
    `);
  }

  /** The server owns no table, so functions of the owner add and drop its partitions, one for each day in UTC. */
  private async createDays(runner: QueryRunner): Promise<void> {
    const [{ schema }] = await runner.query('SELECT quote_ident(current_schema()) AS schema');
    // Fixed, because a SECURITY DEFINER function could otherwise use a table of another schema.
    const asOwner = `SECURITY DEFINER SET search_path = pg_catalog, ${schema}, pg_temp`;
    const assertMayWrite = `
        IF NOT has_table_privilege(session_user, 'request_log', 'DELETE') THEN
          RAISE insufficient_privilege USING MESSAGE = 'permission denied for table request_log';
        END IF;`;
    await runner.query(`
      -- The smallest UUID v7 of a day: its first 48 bits are the milliseconds since 1970.
      CREATE FUNCTION request_log_start_of(day date) RETURNS uuid LANGUAGE sql IMMUTABLE AS $$
        SELECT (lpad(to_hex((extract(epoch FROM day) * 1000)::bigint), 12, '0') || repeat('0', 20))::uuid
      $$;

      CREATE FUNCTION add_request_log_day(day date) RETURNS void LANGUAGE plpgsql ${asOwner} AS $$
      DECLARE
        partition text := 'request_log_' || to_char(day, 'YYYYMMDD');
      BEGIN${assertMayWrite}
        -- Two processes may find that the day is missing at once.
        PERFORM pg_advisory_xact_lock(hashtext('request_log'));
        IF to_regclass(quote_ident(partition)) IS NOT NULL THEN RETURN; END IF;
        EXECUTE format('CREATE TABLE ${schema}.%I (LIKE request_log INCLUDING DEFAULTS)', partition);
        -- The server reaches it through request_log only.
        EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', partition);
        -- Lets others read and write meanwhile, unlike CREATE TABLE … PARTITION OF.
        EXECUTE format('ALTER TABLE request_log ATTACH PARTITION %I FOR VALUES FROM (%L) TO (%L)',
          partition, request_log_start_of(day), request_log_start_of(day + 1));
      END $$;

      -- Returns the day that it dropped, or NULL. One at a time, because the drop locks the whole log until it commits.
      CREATE FUNCTION drop_oldest_request_log_day(before date) RETURNS date LANGUAGE plpgsql ${asOwner}
      SET lock_timeout = '300ms' AS $$
      DECLARE
        oldest date;
      BEGIN${assertMayWrite}
        SELECT min(to_date(right(relname, 8), 'YYYYMMDD')) INTO oldest
          FROM pg_inherits JOIN pg_class ON pg_class.oid = inhrelid WHERE inhparent = 'request_log'::regclass;
        IF oldest IS NULL OR oldest >= before THEN RETURN NULL; END IF;
        EXECUTE format('DROP TABLE %I', 'request_log_' || to_char(oldest, 'YYYYMMDD'));
        RETURN oldest;
      END $$;
    `);
  }
}
