import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Responses of requests with an Idempotency-Key. */
export class Idempotency1763800000006 implements MigrationInterface {
  readonly name = 'Idempotency1763800000006';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE idempotency_records (
        id text PRIMARY KEY,
        body_digest text NOT NULL,
        answer bytea NOT NULL,
        created_at timestamptz(3) NOT NULL DEFAULT now()
      );
      CREATE INDEX idempotency_records_created_at ON idempotency_records (created_at);
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE idempotency_records');
  }
}
