import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Lists of messages with their outcomes, and contacts that mail doesn't reach. */
export class Outcomes1763800000067 implements MigrationInterface {
  readonly name = 'Outcomes1763800000067';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE mail_messages ADD COLUMN batch_id uuid;
      CREATE INDEX mail_messages_org_batch ON mail_messages (org_id, batch_id, id) WHERE batch_id IS NOT NULL;
      CREATE INDEX mail_messages_org_recipient ON mail_messages (org_id, to_email, id);
      CREATE INDEX mail_messages_org_status ON mail_messages (org_id, status, id);
      CREATE INDEX whatsapp_messages_org_status ON whatsapp_messages (org_id, status, id);
      ALTER TABLE contacts ADD COLUMN undeliverable_at timestamptz(3), ADD COLUMN undeliverable_reason text;
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE contacts DROP COLUMN undeliverable_at, DROP COLUMN undeliverable_reason;
      DROP INDEX whatsapp_messages_org_status, mail_messages_org_status, mail_messages_org_recipient, mail_messages_org_batch;
      UPDATE sequence_contact_steps SET state = 'sent' WHERE state = 'bounced';
      UPDATE mail_messages SET status = 'sent' WHERE status = 'bounced';
      UPDATE whatsapp_messages SET status = 'failed' WHERE status = 'rejected';
      ALTER TABLE mail_messages DROP COLUMN batch_id;
    `);
  }
}
