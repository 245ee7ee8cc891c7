import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The address that replies of a session come from. It includes the numbers of WhatsApp sessions. */
export class ReplyAddresses1763800000081 implements MigrationInterface {
  readonly name = 'ReplyAddresses1763800000081';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE chat_sessions ADD COLUMN channel_address text, ADD COLUMN channel_subject text;
      UPDATE chat_sessions SET channel_address = phone_number_id FROM whatsapp_sessions
        WHERE whatsapp_sessions.org_id = chat_sessions.org_id AND session_id = chat_sessions.id;
      DROP TABLE whatsapp_sessions;
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE whatsapp_sessions (
        org_id uuid NOT NULL,
        session_id uuid NOT NULL,
        phone_number_id text NOT NULL,
        PRIMARY KEY (org_id, session_id),
        CONSTRAINT whatsapp_sessions_session_fk FOREIGN KEY (org_id, session_id) REFERENCES chat_sessions (org_id, id)
          ON DELETE CASCADE
      );
      INSERT INTO whatsapp_sessions (org_id, session_id, phone_number_id)
        SELECT org_id, id, channel_address FROM chat_sessions
        WHERE channel_type = 'whatsapp' AND channel_address IS NOT NULL;
      ALTER TABLE chat_sessions DROP COLUMN channel_address, DROP COLUMN channel_subject;
    `);
  }
}
