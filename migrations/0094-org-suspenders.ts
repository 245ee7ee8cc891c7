import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Who suspended an org: a partner can't resume what the operator suspended. */
export class OrgSuspenders1763800000094 implements MigrationInterface {
  readonly name = 'OrgSuspenders1763800000094';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE orgs
        ADD suspended_by text,
        ADD CONSTRAINT orgs_suspension CHECK ((suspended_at IS NULL) = (suspended_by IS NULL));
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE orgs DROP suspended_by');
  }
}
