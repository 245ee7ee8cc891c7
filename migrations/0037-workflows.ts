import type { MigrationInterface, QueryRunner } from 'typeorm';
import { ringOnChange } from './ring-on-change.js';

/** Workflows with versions, runs and completed steps. */
export class Workflows1763800000037 implements MigrationInterface {
  readonly name = 'Workflows1763800000037';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE workflows (
        org_id uuid NOT NULL CONSTRAINT workflows_org_fk REFERENCES orgs (id),
        id uuid NOT NULL,
        webhook_token text NOT NULL,
        trigger_type text NOT NULL,
        latest_version integer NOT NULL DEFAULT 1,
        active_version integer,
        awaited_event text,
        created_at timestamptz(3) NOT NULL DEFAULT now(),
        updated_at timestamptz(3) NOT NULL DEFAULT now(),
        PRIMARY KEY (org_id, id)
      );
      CREATE UNIQUE INDEX workflows_webhook_token ON workflows (webhook_token);
      CREATE INDEX workflows_org_trigger_type ON workflows (org_id, trigger_type, id);
      CREATE INDEX workflows_awaiting ON workflows (org_id, awaited_event) WHERE awaited_event IS NOT NULL;

      CREATE TABLE workflow_versions (
        org_id uuid NOT NULL,
        id bigint GENERATED ALWAYS AS IDENTITY,
        workflow_id uuid NOT NULL,
        version_number integer NOT NULL,
        name text NOT NULL,
        description text,
        trigger_type text NOT NULL,
        trigger_configuration jsonb,
        workflow_blocks jsonb NOT NULL,
        created_at timestamptz(3) NOT NULL DEFAULT now(),
        updated_at timestamptz(3) NOT NULL DEFAULT now(),
        PRIMARY KEY (org_id, id),
        CONSTRAINT workflow_versions_workflow_fk FOREIGN KEY (org_id, workflow_id) REFERENCES workflows (org_id, id)
          ON DELETE CASCADE
      );
      CREATE UNIQUE INDEX workflow_versions_number ON workflow_versions (org_id, workflow_id, version_number);

      CREATE TABLE workflow_runs (
        org_id uuid NOT NULL,
        id uuid NOT NULL,
        workflow_uuid uuid NOT NULL,
        version_id bigint NOT NULL,
        status text NOT NULL DEFAULT 'idle',
        trigger_cause text NOT NULL,
        trigger jsonb NOT NULL,
        error text,
        is_test_run boolean NOT NULL DEFAULT false,
        run_started_at timestamptz(3),
        run_ended_at timestamptz(3),
        created_at timestamptz(3) NOT NULL DEFAULT now(),
        PRIMARY KEY (org_id, id),
        CONSTRAINT workflow_runs_version_fk FOREIGN KEY (org_id, version_id) REFERENCES workflow_versions (org_id, id)
          ON DELETE CASCADE
      );
      CREATE INDEX workflow_runs_workflow ON workflow_runs (org_id, workflow_uuid, id);
      CREATE INDEX workflow_runs_version ON workflow_runs (org_id, version_id);
      CREATE INDEX workflow_runs_ended ON workflow_runs (run_ended_at);

      CREATE TABLE workflow_run_steps (
        org_id uuid NOT NULL,
        run_id uuid NOT NULL,
        step_id text NOT NULL,
        result jsonb NOT NULL,
        created_at timestamptz(3) NOT NULL DEFAULT now(),
        PRIMARY KEY (org_id, run_id, step_id),
        CONSTRAINT workflow_run_steps_run_fk FOREIGN KEY (org_id, run_id) REFERENCES workflow_runs (org_id, id)
          ON DELETE CASCADE
      );
    `);
    // A cached key has the event triggers of its org.
    await ringOnChange(runner, {
      table: 'workflows',
      tag: 'org',
      idColumn: 'org_id',
      columns: ['id', 'awaited_event'],
    });
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      DELETE FROM access_ringing_table WHERE target = 'workflows'::regclass;
      DROP TABLE workflow_run_steps, workflow_runs, workflow_versions, workflows;
    `);
  }
}
