import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Steps of contacts get an id, to page them, and the status of their mail. */
export class SequenceOutcomes1763800000064 implements MigrationInterface {
  readonly name = 'SequenceOutcomes1763800000064';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE sequence_contact_steps ADD COLUMN id uuid;
      UPDATE sequence_contact_steps SET id = gen_random_uuid();
      ALTER TABLE sequence_contact_steps ALTER COLUMN id SET NOT NULL;

      -- A mail that is no longer kept had ended, most likely by being sent.
      UPDATE sequence_contact_steps SET state = 'sent' WHERE state = 'mailed';
      UPDATE sequence_contact_steps steps SET state = mail_messages.status, reason = mail_messages.reason
      FROM mail_messages
      WHERE mail_messages.org_id = steps.org_id AND steps.state = 'sent'
        AND mail_messages.key = 'sequence:' || run_id || ':' || position || ':' || contact_id;

      CREATE INDEX sequence_contact_steps_state ON sequence_contact_steps (org_id, sequence_id, state);
      CREATE INDEX sequence_contact_steps_page ON sequence_contact_steps (org_id, sequence_id, id);
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      DROP INDEX sequence_contact_steps_page, sequence_contact_steps_state;
      UPDATE sequence_contact_steps SET state = 'mailed' WHERE state NOT IN ('waiting', 'skipped', 'canceled');
      ALTER TABLE sequence_contact_steps DROP COLUMN id;
    `);
  }
}
