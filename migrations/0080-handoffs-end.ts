import type { MigrationInterface, QueryRunner } from 'typeorm';

/** A handoff ends when its session reopens, so a session can have several. */
export class HandoffsEnd1763800000080 implements MigrationInterface {
  readonly name = 'HandoffsEnd1763800000080';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE handoffs ADD COLUMN ended_at timestamptz(3);
      DROP INDEX handoffs_org_session;
      CREATE INDEX handoffs_org_session ON handoffs (org_id, session_id);
      CREATE UNIQUE INDEX handoffs_org_session_current ON handoffs (org_id, session_id) WHERE ended_at IS NULL;
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      DELETE FROM handoffs USING handoffs later
        WHERE later.org_id = handoffs.org_id AND later.session_id = handoffs.session_id AND later.id > handoffs.id;
      DROP INDEX handoffs_org_session_current, handoffs_org_session;
      CREATE UNIQUE INDEX handoffs_org_session ON handoffs (org_id, session_id);
      ALTER TABLE handoffs DROP COLUMN ended_at;
    `);
  }
}
