import type { MigrationInterface, QueryRunner } from 'typeorm';

/** A page of the sessions of a contact, team or assignee, or of the leads with an address, is one index range. */
export class FilterIndexes1763800000078 implements MigrationInterface {
  readonly name = 'FilterIndexes1763800000078';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      DROP INDEX chat_sessions_contact, chat_sessions_team, chat_sessions_assignee;
      CREATE INDEX chat_sessions_contact ON chat_sessions (org_id, contact_id, id);
      CREATE INDEX chat_sessions_team ON chat_sessions (org_id, team_id, id);
      CREATE INDEX chat_sessions_assignee ON chat_sessions (org_id, assignee_id, id);
      CREATE INDEX leads_org_email ON leads (org_id, email, id);
      CREATE INDEX leads_org_phone ON leads (org_id, phone, id);
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      DROP INDEX chat_sessions_contact, chat_sessions_team, chat_sessions_assignee, leads_org_email, leads_org_phone;
      CREATE INDEX chat_sessions_contact ON chat_sessions (org_id, contact_id);
      CREATE INDEX chat_sessions_team ON chat_sessions (org_id, team_id);
      CREATE INDEX chat_sessions_assignee ON chat_sessions (org_id, assignee_id);
    `);
  }
}
