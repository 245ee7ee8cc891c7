import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Team ids in policies are compared as text, so they are stored as the API now reads ids: in lower case. */
export class IdsInLowerCase1763800000050 implements MigrationInterface {
  readonly name = 'IdsInLowerCase1763800000050';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      UPDATE sla_policies
      SET conditions = jsonb_set(conditions, '{team_ids}', lower(conditions ->> 'team_ids')::jsonb)
      WHERE conditions ->> 'team_ids' ~ '[A-F]'`);
  }

  async down(): Promise<void> {
    // The earlier version reads ids in either case.
  }
}
