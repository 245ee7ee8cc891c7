import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Credentials of actions. Steps of workflow runs record their times and errors. */
export class ActionCredentials1763800000070 implements MigrationInterface {
  readonly name = 'ActionCredentials1763800000070';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE action_credentials (
        id uuid NOT NULL,
        org_id uuid NOT NULL CONSTRAINT action_credentials_org_fk REFERENCES orgs (id),
        name text NOT NULL,
        type text NOT NULL,
        parameter text,
        origin text NOT NULL,
        secret bytea NOT NULL,
        created_at timestamptz(3) NOT NULL DEFAULT now(),
        updated_at timestamptz(3) NOT NULL DEFAULT now(),
        PRIMARY KEY (org_id, id)
      );
      CREATE UNIQUE INDEX action_credentials_org_name ON action_credentials (org_id, name);
      ALTER TABLE actions ADD COLUMN credential_id uuid;
      ALTER TABLE actions ADD CONSTRAINT actions_credential_fk
        FOREIGN KEY (org_id, credential_id) REFERENCES action_credentials (org_id, id);
      CREATE INDEX actions_credential ON actions (org_id, credential_id);

      ALTER TABLE workflow_run_steps ALTER COLUMN result DROP NOT NULL;
      ALTER TABLE workflow_run_steps ADD COLUMN error text;
      ALTER TABLE workflow_run_steps RENAME COLUMN created_at TO ended_at;
      ALTER TABLE workflow_run_steps ALTER COLUMN ended_at DROP DEFAULT;
      ALTER TABLE workflow_run_steps ADD COLUMN started_at timestamptz(3);
      ALTER TABLE workflow_run_steps ADD COLUMN position integer;
      UPDATE workflow_run_steps SET started_at = ended_at, position = numbered.position FROM (
        SELECT org_id, run_id, step_id, row_number() OVER (PARTITION BY org_id, run_id ORDER BY ended_at) AS position
        FROM workflow_run_steps
      ) numbered
      WHERE numbered.org_id = workflow_run_steps.org_id AND numbered.run_id = workflow_run_steps.run_id
        AND numbered.step_id = workflow_run_steps.step_id;
      ALTER TABLE workflow_run_steps ALTER COLUMN started_at SET NOT NULL, ALTER COLUMN position SET NOT NULL;
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      DELETE FROM workflow_run_steps WHERE result IS NULL;
      ALTER TABLE workflow_run_steps DROP COLUMN started_at, DROP COLUMN position, DROP COLUMN error;
      ALTER TABLE workflow_run_steps ALTER COLUMN result SET NOT NULL;
      ALTER TABLE workflow_run_steps RENAME COLUMN ended_at TO created_at;
      ALTER TABLE workflow_run_steps ALTER COLUMN created_at SET DEFAULT now();

      ALTER TABLE actions DROP COLUMN credential_id;
      DROP TABLE action_credentials;
    `);
  }
}
