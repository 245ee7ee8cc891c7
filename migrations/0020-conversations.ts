import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Chat sessions with their history, tags and handoffs. */
export class Conversations1763800000020 implements MigrationInterface {
  readonly name = 'Conversations1763800000020';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE contacts
        ADD COLUMN non_verified_name text,
        ADD COLUMN non_verified_email text,
        ADD COLUMN non_verified_custom_data jsonb NOT NULL DEFAULT '{}';

      CREATE TABLE ticket_counters (
        org_id uuid PRIMARY KEY CONSTRAINT ticket_counters_org_fk REFERENCES orgs (id),
        last_number integer NOT NULL
      );

      CREATE TABLE chat_sessions (
        id uuid NOT NULL,
        org_id uuid NOT NULL CONSTRAINT chat_sessions_org_fk REFERENCES orgs (id),
        ticket_number integer NOT NULL,
        status text NOT NULL DEFAULT 'open',
        channel_type text NOT NULL,
        is_verified boolean NOT NULL DEFAULT false,
        is_handed_off boolean NOT NULL DEFAULT false,
        ai_closure_type text,
        sentiment text,
        assist_mode boolean NOT NULL DEFAULT false,
        language text,
        assignee_id uuid,
        contact_id uuid,
        team_id uuid,
        ticketing_system jsonb,
        custom_data jsonb NOT NULL DEFAULT '{}',
        closed_at timestamptz(3),
        created_at timestamptz(3) NOT NULL DEFAULT now(),
        updated_at timestamptz(3) NOT NULL DEFAULT now(),
        PRIMARY KEY (org_id, id),
        CONSTRAINT chat_sessions_contact_fk FOREIGN KEY (org_id, contact_id) REFERENCES contacts (org_id, id)
          ON DELETE SET NULL (contact_id),
        CONSTRAINT chat_sessions_team_fk FOREIGN KEY (org_id, team_id) REFERENCES teams (org_id, id)
          ON DELETE SET NULL (team_id),
        CONSTRAINT chat_sessions_assignee_fk FOREIGN KEY (org_id, assignee_id) REFERENCES members (org_id, user_id)
          ON DELETE SET NULL (assignee_id)
      );
      CREATE UNIQUE INDEX chat_sessions_org_ticket_number ON chat_sessions (org_id, ticket_number);
      CREATE INDEX chat_sessions_org_status ON chat_sessions (org_id, status, id);
      CREATE INDEX chat_sessions_org_channel ON chat_sessions (org_id, channel_type, id);
      CREATE INDEX chat_sessions_org_handed_off ON chat_sessions (org_id, is_handed_off, id);
      CREATE INDEX chat_sessions_org_created_at ON chat_sessions (org_id, created_at);
      CREATE INDEX chat_sessions_org_updated_at ON chat_sessions (org_id, updated_at);
      CREATE INDEX chat_sessions_contact ON chat_sessions (org_id, contact_id);
      CREATE INDEX chat_sessions_team ON chat_sessions (org_id, team_id);
      CREATE INDEX chat_sessions_assignee ON chat_sessions (org_id, assignee_id);

      CREATE TABLE chat_session_tags (
        org_id uuid NOT NULL,
        session_id uuid NOT NULL,
        tag_id uuid NOT NULL,
        PRIMARY KEY (org_id, session_id, tag_id),
        CONSTRAINT chat_session_tags_session_fk FOREIGN KEY (org_id, session_id) REFERENCES chat_sessions (org_id, id)
          ON DELETE CASCADE,
        CONSTRAINT chat_session_tags_tag_fk FOREIGN KEY (org_id, tag_id) REFERENCES tags (org_id, id)
          ON DELETE CASCADE
      );
      CREATE INDEX chat_session_tags_tag ON chat_session_tags (org_id, tag_id);

      CREATE TABLE chat_events (
        id uuid NOT NULL,
        org_id uuid NOT NULL,
        session_id uuid NOT NULL,
        type text NOT NULL,
        sender jsonb,
        text text,
        context jsonb,
        redacted_at timestamptz(3),
        created_at timestamptz(3) NOT NULL DEFAULT now(),
        PRIMARY KEY (org_id, id),
        CONSTRAINT chat_events_session_fk FOREIGN KEY (org_id, session_id) REFERENCES chat_sessions (org_id, id)
          ON DELETE CASCADE
      );
      CREATE INDEX chat_events_session ON chat_events (org_id, session_id, id);

      CREATE TABLE chat_attachments (
        id uuid NOT NULL,
        org_id uuid NOT NULL,
        event_id uuid NOT NULL,
        name text NOT NULL,
        mime_type text NOT NULL,
        url text,
        content bytea,
        PRIMARY KEY (org_id, id),
        CONSTRAINT chat_attachments_event_fk FOREIGN KEY (org_id, event_id) REFERENCES chat_events (org_id, id)
          ON DELETE CASCADE
      );
      CREATE INDEX chat_attachments_event ON chat_attachments (org_id, event_id, id);

      CREATE TABLE handoffs (
        id uuid NOT NULL,
        org_id uuid NOT NULL,
        session_id uuid NOT NULL,
        reasons text[] NOT NULL,
        summary text,
        explanation text,
        sentiment text,
        created_at timestamptz(3) NOT NULL DEFAULT now(),
        PRIMARY KEY (org_id, id),
        CONSTRAINT handoffs_session_fk FOREIGN KEY (org_id, session_id) REFERENCES chat_sessions (org_id, id)
          ON DELETE CASCADE
      );
      CREATE UNIQUE INDEX handoffs_org_session ON handoffs (org_id, session_id);
      CREATE INDEX handoffs_org_created_at ON handoffs (org_id, created_at);
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      DROP TABLE handoffs, chat_attachments, chat_events, chat_session_tags, chat_sessions, ticket_counters;
      ALTER TABLE contacts
        DROP COLUMN non_verified_name, DROP COLUMN non_verified_email, DROP COLUMN non_verified_custom_data;
    `);
  }
}
