import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Ids of workflow versions rise per org. The actions of active workflows and of phone agents can't be deleted. */
export class ActiveWorkflows1763800000068 implements MigrationInterface {
  readonly name = 'ActiveWorkflows1763800000068';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE workflow_versions ALTER COLUMN id DROP IDENTITY;
      CREATE TABLE workflow_version_counters (
        org_id uuid PRIMARY KEY CONSTRAINT workflow_version_counters_org_fk REFERENCES orgs (id),
        last_id bigint NOT NULL
      );
      INSERT INTO workflow_version_counters SELECT org_id, max(id) FROM workflow_versions GROUP BY org_id;

      UPDATE workflows SET awaited_event = 'conversation.status_changed' WHERE awaited_event = 'conversation.closed';
      DROP INDEX workflows_org_trigger_type;

      CREATE TABLE workflow_actions (
        org_id uuid NOT NULL,
        workflow_id uuid NOT NULL,
        action_id uuid NOT NULL,
        PRIMARY KEY (org_id, workflow_id, action_id),
        CONSTRAINT workflow_actions_workflow_fk FOREIGN KEY (org_id, workflow_id) REFERENCES workflows (org_id, id)
          ON DELETE CASCADE,
        CONSTRAINT workflow_actions_action_fk FOREIGN KEY (org_id, action_id) REFERENCES actions (org_id, id)
      );
      CREATE INDEX workflow_actions_action ON workflow_actions (org_id, action_id);
      INSERT INTO workflow_actions
        SELECT DISTINCT workflows.org_id, workflows.id, actions.id
        FROM workflows
        JOIN workflow_versions version ON version.org_id = workflows.org_id AND version.workflow_id = workflows.id
          AND version.version_number = workflows.active_version
        CROSS JOIN jsonb_path_query(workflow_blocks, 'strict $.** ? (@.type == "call_action").input.action_id') named
        JOIN actions ON actions.org_id = workflows.org_id AND actions.id::text = lower(named #>> '{}');

      ALTER TABLE phone_agent_actions DROP CONSTRAINT phone_agent_actions_action_fk;
      ALTER TABLE phone_agent_actions ADD CONSTRAINT phone_agent_actions_action_fk
        FOREIGN KEY (org_id, action_id) REFERENCES actions (org_id, id);
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE phone_agent_actions DROP CONSTRAINT phone_agent_actions_action_fk;
      ALTER TABLE phone_agent_actions ADD CONSTRAINT phone_agent_actions_action_fk
        FOREIGN KEY (org_id, action_id) REFERENCES actions (org_id, id) ON DELETE CASCADE;
      DROP TABLE workflow_actions;

      CREATE INDEX workflows_org_trigger_type ON workflows (org_id, trigger_type, id);
      UPDATE workflows SET awaited_event = 'conversation.closed' WHERE awaited_event = 'conversation.status_changed';

      DROP TABLE workflow_version_counters;
      ALTER TABLE workflow_versions ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY;
      SELECT setval(pg_get_serial_sequence('workflow_versions', 'id'), coalesce(max(id), 0) + 1, false)
        FROM workflow_versions;
    `);
  }
}
