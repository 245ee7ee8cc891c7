import type { MigrationInterface, QueryRunner } from 'typeorm';

/** SLA policies, and the clocks of sessions. */
export class Sla1763800000022 implements MigrationInterface {
  readonly name = 'Sla1763800000022';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE sla_policies (
        id uuid NOT NULL,
        org_id uuid NOT NULL CONSTRAINT sla_policies_org_fk REFERENCES orgs (id),
        name text NOT NULL,
        description text,
        targets jsonb NOT NULL,
        conditions jsonb NOT NULL DEFAULT '{}',
        office_hours_id uuid,
        is_active boolean NOT NULL DEFAULT true,
        position integer NOT NULL DEFAULT 0,
        created_at timestamptz(3) NOT NULL DEFAULT now(),
        updated_at timestamptz(3) NOT NULL DEFAULT now(),
        PRIMARY KEY (org_id, id),
        CONSTRAINT sla_policies_office_hours_fk FOREIGN KEY (org_id, office_hours_id)
          REFERENCES office_hours (org_id, id)
      );
      CREATE UNIQUE INDEX sla_policies_org_name ON sla_policies (org_id, name);
      CREATE INDEX sla_policies_org_position ON sla_policies (org_id, position, id);
      CREATE INDEX sla_policies_office_hours ON sla_policies (org_id, office_hours_id);

      CREATE TABLE sla_clocks (
        org_id uuid NOT NULL,
        session_id uuid NOT NULL,
        metric text NOT NULL,
        policy_id uuid,
        state text NOT NULL,
        target_seconds integer NOT NULL,
        schedule jsonb,
        used_seconds double precision NOT NULL,
        counting_since timestamptz(3),
        due_at timestamptz(3),
        completed_at timestamptz(3),
        breached_at timestamptz(3),
        created_at timestamptz(3) NOT NULL DEFAULT now(),
        PRIMARY KEY (org_id, session_id, metric),
        CONSTRAINT sla_clocks_session_fk FOREIGN KEY (org_id, session_id) REFERENCES chat_sessions (org_id, id)
          ON DELETE CASCADE,
        CONSTRAINT sla_clocks_policy_fk FOREIGN KEY (org_id, policy_id) REFERENCES sla_policies (org_id, id)
          ON DELETE SET NULL (policy_id)
      );
      -- What the job looks for, and nothing else.
      CREATE INDEX sla_clocks_due ON sla_clocks (due_at) WHERE state = 'active';
      CREATE INDEX sla_clocks_policy ON sla_clocks (org_id, policy_id);
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE sla_clocks, sla_policies;');
  }
}
