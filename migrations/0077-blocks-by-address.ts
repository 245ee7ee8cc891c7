import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Blocks hold the addresses of a contact, so that they outlive it. */
export class BlocksByAddress1763800000077 implements MigrationInterface {
  readonly name = 'BlocksByAddress1763800000077';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE blocked_contacts ADD COLUMN email text, ADD COLUMN phone_number text;
      UPDATE blocked_contacts SET email = contacts.email, phone_number = contacts.phone_number FROM contacts
        WHERE contacts.org_id = blocked_contacts.org_id AND contacts.id = contact_id;
      -- A contact without an address can't come back.
      DELETE FROM blocked_contacts WHERE email IS NULL AND phone_number IS NULL;
      DROP INDEX blocked_contacts_org_contact;
      ALTER TABLE blocked_contacts DROP COLUMN contact_id,
        ADD CONSTRAINT blocked_contacts_org_fk FOREIGN KEY (org_id) REFERENCES orgs (id);
      CREATE UNIQUE INDEX blocked_contacts_org_email ON blocked_contacts (org_id, email);
      CREATE INDEX blocked_contacts_org_phone_number ON blocked_contacts (org_id, phone_number);
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      DROP INDEX blocked_contacts_org_email, blocked_contacts_org_phone_number;
      ALTER TABLE blocked_contacts DROP CONSTRAINT blocked_contacts_org_fk, ADD COLUMN contact_id uuid;
      UPDATE blocked_contacts SET contact_id = contacts.id FROM contacts
        WHERE contacts.org_id = blocked_contacts.org_id AND contacts.email = blocked_contacts.email;
      UPDATE blocked_contacts SET contact_id = contacts.id FROM contacts
        WHERE contact_id IS NULL AND contacts.org_id = blocked_contacts.org_id
          AND contacts.phone_number = blocked_contacts.phone_number
          AND NOT EXISTS (SELECT FROM blocked_contacts other
            WHERE other.org_id = contacts.org_id AND other.contact_id = contacts.id);
      DELETE FROM blocked_contacts WHERE contact_id IS NULL;
      ALTER TABLE blocked_contacts ALTER COLUMN contact_id SET NOT NULL, DROP COLUMN email, DROP COLUMN phone_number,
        ADD CONSTRAINT blocked_contacts_contact_fk FOREIGN KEY (org_id, contact_id) REFERENCES contacts (org_id, id)
          ON DELETE CASCADE;
      CREATE UNIQUE INDEX blocked_contacts_org_contact ON blocked_contacts (org_id, contact_id);
    `);
  }
}
