import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Connections of orgs to third parties. */
export class Integrations1763800000008 implements MigrationInterface {
  readonly name = 'Integrations1763800000008';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE integrations (
        id uuid NOT NULL,
        org_id uuid NOT NULL CONSTRAINT integrations_org_fk REFERENCES orgs (id),
        provider text NOT NULL,
        name text NOT NULL,
        credentials bytea NOT NULL,
        created_at timestamptz(3) NOT NULL DEFAULT now(),
        updated_at timestamptz(3) NOT NULL DEFAULT now(),
        PRIMARY KEY (org_id, id)
      );
      CREATE UNIQUE INDEX integrations_org_provider_name ON integrations (org_id, provider, name);
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE integrations;');
  }
}
