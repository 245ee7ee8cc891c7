import type { MigrationInterface, QueryRunner } from 'typeorm';

/** DKIM keys of sender domains, and the messages that a message answers. */
export class SignedMail1763800000066 implements MigrationInterface {
  readonly name = 'SignedMail1763800000066';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE mail_domains
        ADD COLUMN dkim_selector text,
        ADD COLUMN dkim_public_key text,
        ADD COLUMN dkim_private_key bytea,
        ADD CONSTRAINT mail_domains_dkim CHECK (num_nulls(dkim_selector, dkim_public_key, dkim_private_key) IN (0, 3));
      ALTER TABLE mail_messages ADD COLUMN refers_to text[] NOT NULL DEFAULT '{}';
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE mail_messages DROP COLUMN refers_to;
      ALTER TABLE mail_domains
        DROP CONSTRAINT mail_domains_dkim,
        DROP COLUMN dkim_selector,
        DROP COLUMN dkim_public_key,
        DROP COLUMN dkim_private_key;
    `);
  }
}
