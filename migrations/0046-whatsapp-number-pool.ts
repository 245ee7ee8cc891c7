import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * WhatsApp numbers are assigned by the operator and by partners. A number that an org has registered stays that org's:
 * the unique index on its id has let no second org register it.
 */
export class WhatsAppNumberPool1763800000046 implements MigrationInterface {
  readonly name = 'WhatsAppNumberPool1763800000046';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE whatsapp_number_pool (
        phone_number_id text PRIMARY KEY,
        business_account_id text,
        partner_id uuid CONSTRAINT whatsapp_number_pool_partner_fk REFERENCES partners (id)
      );
      CREATE INDEX whatsapp_number_pool_partner ON whatsapp_number_pool (partner_id);
      INSERT INTO whatsapp_number_pool (phone_number_id, partner_id)
        SELECT phone_number_id, partner_id FROM whatsapp_numbers JOIN orgs ON orgs.id = org_id;

      -- When WhatsApp was last asked for its status; null: never.
      ALTER TABLE whatsapp_templates ADD status_checked_at timestamptz(3);
      CREATE INDEX whatsapp_templates_status_checked_at ON whatsapp_templates (status_checked_at);
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE whatsapp_templates DROP status_checked_at;
      DROP TABLE whatsapp_number_pool;
    `);
  }
}
