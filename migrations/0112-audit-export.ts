import type { MigrationInterface, QueryRunner } from 'typeorm';

/** How far the audit was delivered to each sink outside, and which chains have grown since. */
export class AuditExport1763800000112 implements MigrationInterface {
  readonly name = 'AuditExport1763800000112';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE audit_export_sinks (
        sink text PRIMARY KEY,
        batch integer NOT NULL DEFAULT 0,
        plan jsonb,
        planned_at timestamptz(3),
        owner uuid,
        owned_until timestamptz(3),
        caught_up_at timestamptz(3),
        delivered_at timestamptz(3),
        failing_since timestamptz(3),
        error text,
        created_at timestamptz(3) NOT NULL DEFAULT now()
      );
      CREATE TABLE audit_export_positions (
        sink text NOT NULL CONSTRAINT audit_export_positions_sink_fk REFERENCES audit_export_sinks (sink) ON DELETE CASCADE,
        chain text NOT NULL,
        sequence integer NOT NULL,
        hash text,
        PRIMARY KEY (sink, chain)
      );

      -- The transaction that grew the chain. A trigger sets it, so that servers of the release before do too.
      ALTER TABLE audit_heads ADD COLUMN changed_by bigint;
      CREATE INDEX audit_heads_changed_by ON audit_heads (changed_by) WHERE changed_by IS NOT NULL;
      CREATE FUNCTION note_audit_growth() RETURNS trigger LANGUAGE plpgsql AS $$
      BEGIN
        NEW.changed_by := pg_current_xact_id()::text::bigint;
        RETURN NEW;
      END $$;
      CREATE TRIGGER audit_heads_changed_by BEFORE UPDATE ON audit_heads
        FOR EACH ROW WHEN (NEW.sequence <> OLD.sequence) EXECUTE FUNCTION note_audit_growth();
      ALTER TABLE audit_heads ENABLE ALWAYS TRIGGER audit_heads_changed_by;
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      DROP TRIGGER audit_heads_changed_by ON audit_heads;
      DROP FUNCTION note_audit_growth;
      ALTER TABLE audit_heads DROP COLUMN changed_by;
      DROP TABLE audit_export_positions;
      DROP TABLE audit_export_sinks;
    `);
  }
}
