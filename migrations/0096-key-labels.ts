import type { MigrationInterface, QueryRunner } from 'typeorm';

/** For the filters of the lists of keys, which find revoked keys too. Keys without labels cost nothing. */
export class KeyLabels1763800000096 implements MigrationInterface {
  readonly name = 'KeyLabels1763800000096';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE INDEX api_keys_metadata ON api_keys USING gin (metadata jsonb_path_ops) WHERE metadata <> '{}';
      CREATE INDEX api_keys_named ON api_keys (org_id, external_id) WHERE external_id IS NOT NULL;
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP INDEX api_keys_metadata, api_keys_named');
  }
}
