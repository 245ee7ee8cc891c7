import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Actions of phone agents. */
export class PhoneAgentActions1763800000039 implements MigrationInterface {
  readonly name = 'PhoneAgentActions1763800000039';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE phone_agent_actions (
        org_id uuid NOT NULL,
        phone_agent_id uuid NOT NULL,
        action_id uuid NOT NULL,
        position integer NOT NULL,
        PRIMARY KEY (org_id, phone_agent_id, action_id),
        CONSTRAINT phone_agent_actions_agent_fk FOREIGN KEY (org_id, phone_agent_id)
          REFERENCES phone_agents (org_id, id) ON DELETE CASCADE,
        CONSTRAINT phone_agent_actions_action_fk FOREIGN KEY (org_id, action_id)
          REFERENCES actions (org_id, id) ON DELETE CASCADE
      );
      CREATE INDEX phone_agent_actions_action ON phone_agent_actions (org_id, action_id);
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE phone_agent_actions;');
  }
}
