import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The actor that activated workflows and other automation; unknown for existing rows. */
export class WhoActivated1763800000045 implements MigrationInterface {
  readonly name = 'WhoActivated1763800000045';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE workflow_versions ADD activated_by jsonb;
      ALTER TABLE sequences ADD started_by jsonb;
      ALTER TABLE autopilot_channels ADD activated_by jsonb;
      ALTER TABLE autopilot_topics ADD created_by jsonb;
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE autopilot_topics DROP created_by;
      ALTER TABLE autopilot_channels DROP activated_by;
      ALTER TABLE sequences DROP started_by;
      ALTER TABLE workflow_versions DROP activated_by;
    `);
  }
}
