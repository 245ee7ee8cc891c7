import type { MigrationInterface, QueryRunner } from 'typeorm';

/** API calls for the AI and workflows. */
export class Actions1763800000036 implements MigrationInterface {
  readonly name = 'Actions1763800000036';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE actions (
        id uuid NOT NULL,
        org_id uuid NOT NULL CONSTRAINT actions_org_fk REFERENCES orgs (id),
        name text NOT NULL,
        description text,
        api_endpoint text NOT NULL,
        request_type text NOT NULL,
        operation_id text,
        payload jsonb NOT NULL,
        status text NOT NULL DEFAULT 'live',
        pinned boolean NOT NULL DEFAULT false,
        tags jsonb NOT NULL DEFAULT '[]',
        enabled_on_channel jsonb NOT NULL DEFAULT '{"channels":[]}',
        is_handoff_like boolean NOT NULL DEFAULT false,
        require_form_submission boolean NOT NULL DEFAULT false,
        is_imported boolean NOT NULL DEFAULT false,
        created_at timestamptz(3) NOT NULL DEFAULT now(),
        updated_at timestamptz(3) NOT NULL DEFAULT now(),
        PRIMARY KEY (org_id, id)
      );
      CREATE UNIQUE INDEX actions_org_operation_id ON actions (org_id, operation_id) WHERE operation_id IS NOT NULL;
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE actions;');
  }
}
