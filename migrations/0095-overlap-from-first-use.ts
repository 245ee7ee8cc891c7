import type { MigrationInterface, QueryRunner } from 'typeorm';
import { ringOnChange } from './ring-on-change.js';

const CREDENTIAL = {
  table: 'key_credentials',
  tag: 'key',
  idColumn: 'key_id',
  columns: ['digest', 'secret_hash', 'retires_at', 'rotated_at', 'ended_at'],
};

/** Rotations whose grace period starts at the first use of the new credential, and whose end is recorded once. */
export class OverlapFromFirstUse1763800000095 implements MigrationInterface {
  readonly name = 'OverlapFromFirstUse1763800000095';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE key_credentials ADD overlap_seconds integer, ADD first_used_at timestamptz(3);
      CREATE INDEX key_credentials_retiring ON key_credentials (retires_at)
        WHERE ended_at IS NULL AND retires_at IS NOT NULL;
    `);
    await ringOnChange(runner, {
      ...CREDENTIAL,
      columns: [...CREDENTIAL.columns, 'overlap_seconds', 'first_used_at'],
    });
    // Grace periods from before are not reported as if they ended now.
    await runner.query(
      'UPDATE key_credentials SET ended_at = retires_at WHERE ended_at IS NULL AND retires_at <= now()',
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await ringOnChange(runner, CREDENTIAL);
    await runner.query(`
      DROP INDEX key_credentials_retiring;
      ALTER TABLE key_credentials DROP overlap_seconds, DROP first_used_at;
    `);
  }
}
