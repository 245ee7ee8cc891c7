import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Events of typed keys, and the origins of browsers that may post them. */
export class Events1763800000011 implements MigrationInterface {
  readonly name = 'Events1763800000011';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE events (
        id uuid NOT NULL,
        org_id uuid NOT NULL CONSTRAINT events_org_fk REFERENCES orgs (id),
        api_key_id uuid NOT NULL CONSTRAINT events_key_fk REFERENCES api_keys (id),
        type text NOT NULL,
        event text NOT NULL,
        agent_id text,
        crm_id text,
        data jsonb,
        occurred_at timestamptz(3) NOT NULL,
        created_at timestamptz(3) NOT NULL DEFAULT now(),
        PRIMARY KEY (org_id, id)
      );
      CREATE INDEX events_org_type ON events (org_id, type, id);
      CREATE INDEX events_org_event ON events (org_id, event, id);
      CREATE INDEX events_org_occurred_at ON events (org_id, occurred_at);
      CREATE INDEX events_created_at ON events (created_at);

      CREATE INDEX api_keys_allowed_origins ON api_keys USING gin (allowed_origins)
        WHERE allowed_origins <> '{}' AND revoked_at IS NULL;
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP INDEX api_keys_allowed_origins; DROP TABLE events;');
  }
}
