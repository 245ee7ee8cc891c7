import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Where credentials were found in public, and what orgs want to happen then. */
export class KeyExposures1763800000101 implements MigrationInterface {
  readonly name = 'KeyExposures1763800000101';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE orgs ADD on_exposed text NOT NULL DEFAULT 'suspend'
        CONSTRAINT orgs_on_exposed CHECK (on_exposed IN ('revoke', 'suspend', 'tell'));

      CREATE TABLE key_exposures (
        id uuid PRIMARY KEY,
        key_id uuid NOT NULL CONSTRAINT key_exposures_key_fk REFERENCES api_keys (id) ON DELETE CASCADE,
        -- No foreign key: it stays when a later rotation forgets the credential.
        credential_id uuid NOT NULL,
        reported_by text NOT NULL CONSTRAINT key_exposures_reporter CHECK (reported_by IN ('github', 'holder')),
        url text NOT NULL,
        found_in text,
        action text NOT NULL
          CONSTRAINT key_exposures_action CHECK (action IN ('revoked', 'suspended', 'credential_ended', 'told')),
        created_at timestamptz(3) NOT NULL DEFAULT now()
      );
      CREATE INDEX key_exposures_key ON key_exposures (key_id, id);
      CREATE UNIQUE INDEX key_exposures_place ON key_exposures (credential_id, reported_by, url);
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      DROP TABLE key_exposures;
      ALTER TABLE orgs DROP on_exposed;
    `);
  }
}
