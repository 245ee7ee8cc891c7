import type { MigrationInterface, QueryRunner } from 'typeorm';
import { ringOnChange } from './ring-on-change.js';

/** Keys from other products: how these stored them, and which keys came from where. */
export class KeyImports1763800000102 implements MigrationInterface {
  readonly name = 'KeyImports1763800000102';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE key_imports (
        id uuid PRIMARY KEY,
        org_id uuid NOT NULL CONSTRAINT key_imports_org_fk REFERENCES orgs (id),
        name text NOT NULL,
        format jsonb NOT NULL,
        pepper bytea,
        last_batch_at timestamptz(3) NOT NULL,
        last_created integer NOT NULL DEFAULT 0,
        last_existing integer NOT NULL DEFAULT 0,
        last_invalid integer NOT NULL DEFAULT 0,
        created_at timestamptz(3) NOT NULL DEFAULT now(),
        updated_at timestamptz(3) NOT NULL DEFAULT now()
      );
      CREATE UNIQUE INDEX key_imports_name ON key_imports (org_id, name);

      CREATE TABLE imported_keys (
        key_id uuid PRIMARY KEY CONSTRAINT imported_keys_key_fk REFERENCES api_keys (id) ON DELETE CASCADE,
        import_id uuid NOT NULL CONSTRAINT imported_keys_import_fk REFERENCES key_imports (id),
        origin text NOT NULL,
        native_at timestamptz(3)
      );
      CREATE UNIQUE INDEX imported_keys_origin ON imported_keys (origin);
      CREATE INDEX imported_keys_import ON imported_keys (import_id);
      CREATE INDEX imported_keys_foreign ON imported_keys (import_id) WHERE native_at IS NULL;
    `);
    // An INSERT names no row, so each batch also updates its import.
    await ringOnChange(runner, {
      table: 'key_imports',
      tag: 'import',
      idColumn: 'id',
      columns: ['format', 'pepper', 'last_batch_at'],
    });
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      DELETE FROM access_ringing_table WHERE target = 'key_imports'::regclass;
      DELETE FROM key_credentials WHERE digest LIKE 'imported:%';
      DROP TABLE imported_keys, key_imports;
    `);
  }
}
