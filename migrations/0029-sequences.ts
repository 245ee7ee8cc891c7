import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Sequences, their runs and the steps of contacts. */
export class Sequences1763800000029 implements MigrationInterface {
  readonly name = 'Sequences1763800000029';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE sequences (
        id uuid NOT NULL,
        org_id uuid NOT NULL CONSTRAINT sequences_org_fk REFERENCES orgs (id),
        name text NOT NULL,
        custom_id text,
        filter jsonb,
        steps jsonb NOT NULL,
        is_continuous boolean NOT NULL,
        status text NOT NULL DEFAULT 'pending',
        started_at timestamptz(3),
        canceled_at timestamptz(3),
        ended_at timestamptz(3),
        created_at timestamptz(3) NOT NULL DEFAULT now(),
        updated_at timestamptz(3) NOT NULL DEFAULT now(),
        PRIMARY KEY (org_id, id)
      );
      CREATE UNIQUE INDEX sequences_org_custom_id ON sequences (org_id, custom_id) WHERE custom_id IS NOT NULL;
      CREATE INDEX sequences_org_status ON sequences (org_id, status, id);

      CREATE TABLE sequence_runs (
        id uuid NOT NULL,
        org_id uuid NOT NULL,
        sequence_id uuid NOT NULL,
        last_contact_id uuid,
        batches integer NOT NULL DEFAULT 0,
        enrolled_at timestamptz(3),
        canceled_at timestamptz(3),
        created_at timestamptz(3) NOT NULL DEFAULT now(),
        PRIMARY KEY (org_id, id),
        CONSTRAINT sequence_runs_sequence_fk FOREIGN KEY (org_id, sequence_id) REFERENCES sequences (org_id, id)
      );
      CREATE INDEX sequence_runs_sequence ON sequence_runs (org_id, sequence_id);

      CREATE TABLE sequence_contact_steps (
        org_id uuid NOT NULL,
        run_id uuid NOT NULL,
        contact_id uuid NOT NULL,
        position integer NOT NULL,
        sequence_id uuid NOT NULL,
        batch integer NOT NULL,
        state text NOT NULL DEFAULT 'waiting',
        reason text,
        ended_at timestamptz(3),
        created_at timestamptz(3) NOT NULL DEFAULT now(),
        PRIMARY KEY (org_id, run_id, contact_id, position),
        CONSTRAINT sequence_contact_steps_run_fk FOREIGN KEY (org_id, run_id) REFERENCES sequence_runs (org_id, id),
        CONSTRAINT sequence_contact_steps_contact_fk FOREIGN KEY (org_id, contact_id)
          REFERENCES contacts (org_id, id) ON DELETE CASCADE
      );
      CREATE UNIQUE INDEX sequence_contact_steps_once
        ON sequence_contact_steps (org_id, sequence_id, contact_id, position) WHERE state <> 'canceled';
      CREATE INDEX sequence_contact_steps_contact ON sequence_contact_steps (org_id, contact_id);
      CREATE INDEX sequence_contact_steps_batch
        ON sequence_contact_steps (org_id, run_id, batch, position) WHERE state = 'waiting';
      -- Who still waits, and for which step.
      CREATE INDEX sequence_contact_steps_waiting
        ON sequence_contact_steps (org_id, sequence_id, position) WHERE state = 'waiting';
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE sequence_contact_steps, sequence_runs, sequences;');
  }
}
