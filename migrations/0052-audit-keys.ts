import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Hashes of audit entries use a key: an entry has the version of its hash, and the head of a chain has a MAC. Existing
 * entries have version 1. Heads and keys can't be deleted either.
 */
export class AuditKeys1763800000052 implements MigrationInterface {
  readonly name = 'AuditKeys1763800000052';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE audit_keys (
        id uuid PRIMARY KEY,
        sealed_key bytea NOT NULL,
        created_at timestamptz(3) NOT NULL
      );

      ALTER TABLE audit_entries ADD COLUMN version smallint NOT NULL DEFAULT 1, ADD COLUMN key_id uuid;
      ALTER TABLE audit_entries ALTER COLUMN version DROP DEFAULT;

      ALTER TABLE audit_heads ADD COLUMN key_id uuid, ADD COLUMN mac text,
        ADD COLUMN updated_at timestamptz(3) NOT NULL DEFAULT now();
      ALTER TABLE audit_heads ALTER COLUMN updated_at DROP DEFAULT;

      CREATE OR REPLACE FUNCTION refuse_audit_change() RETURNS trigger LANGUAGE plpgsql AS $$
      BEGIN
        RAISE EXCEPTION '% are append-only', replace(TG_TABLE_NAME, '_', ' ');
      END $$;
      CREATE TRIGGER audit_heads_kept BEFORE DELETE OR TRUNCATE ON audit_heads
        FOR EACH STATEMENT EXECUTE FUNCTION refuse_audit_change();
      ALTER TABLE audit_heads ENABLE ALWAYS TRIGGER audit_heads_kept;
      CREATE TRIGGER audit_keys_kept BEFORE DELETE OR TRUNCATE ON audit_keys
        FOR EACH STATEMENT EXECUTE FUNCTION refuse_audit_change();
      ALTER TABLE audit_keys ENABLE ALWAYS TRIGGER audit_keys_kept;
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      DROP TABLE audit_keys;
      DROP TRIGGER audit_heads_kept ON audit_heads;
      ALTER TABLE audit_heads DROP COLUMN key_id, DROP COLUMN mac, DROP COLUMN updated_at;
      ALTER TABLE audit_entries DROP COLUMN version, DROP COLUMN key_id;
    `);
  }
}
