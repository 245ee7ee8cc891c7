import type { MigrationInterface, QueryRunner } from 'typeorm';

/** An inbound number belongs to one org. Where several had registered it, the oldest trunk keeps it. */
export class InboundNumbers1763800000069 implements MigrationInterface {
  readonly name = 'InboundNumbers1763800000069';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE sip_inbound_numbers (
        org_id uuid NOT NULL,
        phone_number text NOT NULL,
        trunk_id uuid NOT NULL,
        position integer NOT NULL,
        PRIMARY KEY (org_id, phone_number),
        CONSTRAINT sip_inbound_numbers_trunk_fk FOREIGN KEY (org_id, trunk_id) REFERENCES sip_inbound_trunks (org_id, id)
          ON DELETE CASCADE
      );
      INSERT INTO sip_inbound_numbers
        SELECT DISTINCT ON (number) org_id, number, id, position
        FROM sip_inbound_trunks, unnest(phone_numbers) WITH ORDINALITY AS given (number, position)
        ORDER BY number, id;
      CREATE UNIQUE INDEX sip_inbound_numbers_number ON sip_inbound_numbers (phone_number);
      ALTER TABLE sip_inbound_trunks DROP COLUMN phone_numbers;
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE sip_inbound_trunks ADD COLUMN phone_numbers text[] NOT NULL DEFAULT '{}';
      UPDATE sip_inbound_trunks SET phone_numbers = ARRAY(
        SELECT phone_number FROM sip_inbound_numbers WHERE trunk_id = sip_inbound_trunks.id ORDER BY position
      );
      ALTER TABLE sip_inbound_trunks ALTER COLUMN phone_numbers DROP DEFAULT;
      DROP TABLE sip_inbound_numbers;
    `);
  }
}
