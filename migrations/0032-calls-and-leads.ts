import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Calls, leads, and indexes that count them, messages and sessions over a period. */
export class CallsAndLeads1763800000032 implements MigrationInterface {
  readonly name = 'CallsAndLeads1763800000032';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE calls (
        id uuid NOT NULL,
        org_id uuid NOT NULL CONSTRAINT calls_org_fk REFERENCES orgs (id),
        agent_id uuid,
        direction text NOT NULL,
        caller text NOT NULL,
        status text NOT NULL,
        duration_seconds integer NOT NULL,
        recording_url text,
        started_at timestamptz(3) NOT NULL DEFAULT now(),
        summary text,
        tags text[] NOT NULL DEFAULT '{}',
        transcript jsonb NOT NULL,
        created_at timestamptz(3) NOT NULL DEFAULT now(),
        updated_at timestamptz(3) NOT NULL DEFAULT now(),
        PRIMARY KEY (org_id, id),
        CONSTRAINT calls_agent_fk FOREIGN KEY (org_id, agent_id) REFERENCES agents (org_id, id)
          ON DELETE SET NULL (agent_id)
      );
      CREATE INDEX calls_agent ON calls (org_id, agent_id, id);
      CREATE INDEX calls_org_direction ON calls (org_id, direction, id);
      CREATE INDEX calls_org_status ON calls (org_id, status, id);
      CREATE INDEX calls_org_started_at ON calls (org_id, started_at);

      CREATE TABLE leads (
        id uuid NOT NULL,
        org_id uuid NOT NULL CONSTRAINT leads_org_fk REFERENCES orgs (id),
        name text NOT NULL,
        phone text,
        email text,
        source text,
        status text NOT NULL DEFAULT 'new',
        score integer,
        tags text[] NOT NULL DEFAULT '{}',
        created_at timestamptz(3) NOT NULL DEFAULT now(),
        updated_at timestamptz(3) NOT NULL DEFAULT now(),
        PRIMARY KEY (org_id, id),
        CONSTRAINT leads_reachable CHECK (phone IS NOT NULL OR email IS NOT NULL)
      );
      CREATE INDEX leads_org_status ON leads (org_id, status, id);
      CREATE INDEX leads_org_source ON leads (org_id, source, id);
      CREATE INDEX leads_org_created_at ON leads (org_id, created_at);

      CREATE INDEX chat_events_org_messages ON chat_events (org_id, created_at) WHERE type = 'message';
      CREATE INDEX chat_sessions_org_closed_at ON chat_sessions (org_id, closed_at) WHERE closed_at IS NOT NULL;
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      DROP INDEX chat_sessions_org_closed_at, chat_events_org_messages;
      DROP TABLE leads, calls;
    `);
  }
}
