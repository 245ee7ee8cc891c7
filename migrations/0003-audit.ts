import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The audit: append-only entries, chained by hashes. */
export class Audit1763800000003 implements MigrationInterface {
  readonly name = 'Audit1763800000003';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE audit_heads (
        chain text PRIMARY KEY,
        sequence integer NOT NULL,
        hash text NOT NULL
      );

      CREATE TABLE audit_entries (
        id uuid PRIMARY KEY,
        org_id uuid,
        chain text NOT NULL,
        sequence integer NOT NULL,
        action text NOT NULL,
        actor_type text NOT NULL,
        actor_id uuid,
        actor_name text NOT NULL,
        target_type text NOT NULL,
        target_id uuid,
        target_name text NOT NULL,
        changes jsonb,
        ip text,
        request_id text,
        hash text NOT NULL,
        created_at timestamptz(3) NOT NULL
      );
      CREATE UNIQUE INDEX audit_entries_chain ON audit_entries (chain, sequence);
      CREATE INDEX audit_entries_org ON audit_entries (org_id, id);

      CREATE FUNCTION refuse_audit_change() RETURNS trigger LANGUAGE plpgsql AS $$
      BEGIN
        RAISE EXCEPTION 'audit entries are append-only';
      END $$;
      CREATE TRIGGER audit_entries_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_entries
        FOR EACH STATEMENT EXECUTE FUNCTION refuse_audit_change();
      ALTER TABLE audit_entries ENABLE ALWAYS TRIGGER audit_entries_append_only;
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      DROP TABLE audit_entries, audit_heads;
      DROP FUNCTION refuse_audit_change;
    `);
  }
}
