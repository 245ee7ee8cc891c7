import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Settings and topics of the autopilot. */
export class Autopilot1763800000035 implements MigrationInterface {
  readonly name = 'Autopilot1763800000035';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE autopilot_channels (
        org_id uuid NOT NULL CONSTRAINT autopilot_channels_org_fk REFERENCES orgs (id),
        channel text NOT NULL,
        enabled boolean NOT NULL DEFAULT false,
        assist_enabled boolean NOT NULL DEFAULT false,
        updated_at timestamptz(3) NOT NULL DEFAULT now(),
        PRIMARY KEY (org_id, channel)
      );

      CREATE TABLE autopilot_topics (
        id uuid NOT NULL,
        org_id uuid NOT NULL CONSTRAINT autopilot_topics_org_fk REFERENCES orgs (id),
        topic text NOT NULL,
        topic_key text NOT NULL,
        mode text NOT NULL,
        created_at timestamptz(3) NOT NULL DEFAULT now(),
        updated_at timestamptz(3) NOT NULL DEFAULT now(),
        PRIMARY KEY (org_id, id)
      );
      CREATE UNIQUE INDEX autopilot_topics_org_topic ON autopilot_topics (org_id, topic_key);
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE autopilot_topics, autopilot_channels;');
  }
}
