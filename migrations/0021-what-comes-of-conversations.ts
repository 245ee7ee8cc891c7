import type { MigrationInterface, QueryRunner } from 'typeorm';

/** CSAT scores and settings, insights, redactions. */
export class WhatComesOfConversations1763800000021 implements MigrationInterface {
  readonly name = 'WhatComesOfConversations1763800000021';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE csat_scores (
        id uuid NOT NULL,
        org_id uuid NOT NULL,
        session_id uuid NOT NULL,
        score integer NOT NULL,
        comment text,
        channel text NOT NULL,
        created_at timestamptz(3) NOT NULL DEFAULT now(),
        updated_at timestamptz(3) NOT NULL DEFAULT now(),
        PRIMARY KEY (org_id, id),
        CONSTRAINT csat_scores_session_fk FOREIGN KEY (org_id, session_id) REFERENCES chat_sessions (org_id, id)
          ON DELETE CASCADE
      );
      CREATE UNIQUE INDEX csat_scores_org_session ON csat_scores (org_id, session_id);
      CREATE INDEX csat_scores_org_created_at ON csat_scores (org_id, created_at);

      CREATE TABLE csat_settings (
        org_id uuid PRIMARY KEY CONSTRAINT csat_settings_org_fk REFERENCES orgs (id),
        auto_send boolean NOT NULL,
        delay_minutes integer NOT NULL,
        channels jsonb NOT NULL
      );

      CREATE TABLE insights (
        id uuid NOT NULL,
        org_id uuid NOT NULL CONSTRAINT insights_org_fk REFERENCES orgs (id),
        reason text NOT NULL,
        content text,
        content_session_id uuid,
        sentiment text,
        occurrence_count integer NOT NULL,
        team_id uuid,
        resolved_by jsonb,
        resolved_at timestamptz(3),
        archived_by jsonb,
        archived_at timestamptz(3),
        first_seen_at timestamptz(3) NOT NULL,
        last_seen_at timestamptz(3) NOT NULL,
        created_at timestamptz(3) NOT NULL DEFAULT now(),
        updated_at timestamptz(3) NOT NULL DEFAULT now(),
        PRIMARY KEY (org_id, id),
        CONSTRAINT insights_team_fk FOREIGN KEY (org_id, team_id) REFERENCES teams (org_id, id)
          ON DELETE SET NULL (team_id),
        CONSTRAINT insights_content_session_fk FOREIGN KEY (org_id, content_session_id)
          REFERENCES chat_sessions (org_id, id) ON DELETE SET NULL (content_session_id)
      );
      CREATE UNIQUE INDEX insights_org_reason ON insights (org_id, reason);
      CREATE INDEX insights_org_occurrence_count ON insights (org_id, occurrence_count, id);
      CREATE INDEX insights_content_session ON insights (org_id, content_session_id);
      CREATE INDEX insights_team ON insights (org_id, team_id);

      CREATE TABLE redactions (
        id uuid NOT NULL,
        org_id uuid NOT NULL,
        session_id uuid NOT NULL,
        redaction_type text NOT NULL,
        item_id uuid NOT NULL,
        reason text,
        actor jsonb NOT NULL,
        affected_count integer NOT NULL,
        created_at timestamptz(3) NOT NULL DEFAULT now(),
        PRIMARY KEY (org_id, id),
        CONSTRAINT redactions_session_fk FOREIGN KEY (org_id, session_id) REFERENCES chat_sessions (org_id, id)
          ON DELETE CASCADE
      );
      CREATE INDEX redactions_org_session ON redactions (org_id, session_id, id);
      CREATE INDEX redactions_org_created_at ON redactions (org_id, created_at);
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE redactions, insights, csat_settings, csat_scores;');
  }
}
