import type { MigrationInterface, QueryRunner } from 'typeorm';

/** WhatsApp templates, numbers and outgoing messages. */
export class WhatsApp1763800000034 implements MigrationInterface {
  readonly name = 'WhatsApp1763800000034';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE whatsapp_numbers (
        id uuid NOT NULL,
        org_id uuid NOT NULL CONSTRAINT whatsapp_numbers_org_fk REFERENCES orgs (id),
        phone_number_id text NOT NULL,
        display_phone_number text NOT NULL,
        verified_name text NOT NULL,
        status text NOT NULL DEFAULT 'registered',
        created_at timestamptz(3) NOT NULL DEFAULT now(),
        updated_at timestamptz(3) NOT NULL DEFAULT now(),
        PRIMARY KEY (org_id, id)
      );
      CREATE UNIQUE INDEX whatsapp_numbers_phone_number_id ON whatsapp_numbers (phone_number_id);

      CREATE TABLE whatsapp_templates (
        id uuid NOT NULL,
        org_id uuid NOT NULL CONSTRAINT whatsapp_templates_org_fk REFERENCES orgs (id),
        name text NOT NULL,
        language text NOT NULL,
        category text NOT NULL,
        status text NOT NULL DEFAULT 'pending',
        variables_count integer NOT NULL,
        components jsonb NOT NULL,
        created_at timestamptz(3) NOT NULL DEFAULT now(),
        updated_at timestamptz(3) NOT NULL DEFAULT now(),
        PRIMARY KEY (org_id, id)
      );
      CREATE UNIQUE INDEX whatsapp_templates_org_name ON whatsapp_templates (org_id, name, language);
      CREATE INDEX whatsapp_templates_org_status ON whatsapp_templates (org_id, status, id);

      CREATE TABLE whatsapp_sessions (
        org_id uuid NOT NULL,
        session_id uuid NOT NULL,
        phone_number_id text NOT NULL,
        PRIMARY KEY (org_id, session_id),
        CONSTRAINT whatsapp_sessions_session_fk FOREIGN KEY (org_id, session_id) REFERENCES chat_sessions (org_id, id)
          ON DELETE CASCADE
      );

      CREATE TABLE whatsapp_messages (
        id uuid NOT NULL,
        org_id uuid NOT NULL,
        event_id uuid NOT NULL,
        phone_number_id text NOT NULL,
        message jsonb,
        status text NOT NULL,
        sent_as text,
        reason text,
        ended_at timestamptz(3),
        created_at timestamptz(3) NOT NULL DEFAULT now(),
        updated_at timestamptz(3) NOT NULL DEFAULT now(),
        PRIMARY KEY (org_id, id),
        CONSTRAINT whatsapp_messages_event_fk FOREIGN KEY (org_id, event_id) REFERENCES chat_events (org_id, id)
          ON DELETE CASCADE
      );
      CREATE INDEX whatsapp_messages_event ON whatsapp_messages (org_id, event_id);
      -- For the retention.
      CREATE INDEX whatsapp_messages_ended_at ON whatsapp_messages (ended_at) WHERE ended_at IS NOT NULL;
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE whatsapp_messages, whatsapp_sessions, whatsapp_templates, whatsapp_numbers;');
  }
}
