import type { MigrationInterface, QueryRunner } from 'typeorm';
import { dropSearch, makeSearchable } from './searchable.js';

/** Training of the AI. */
export class Training1763800000023 implements MigrationInterface {
  readonly name = 'Training1763800000023';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE training (
        id uuid NOT NULL,
        org_id uuid NOT NULL CONSTRAINT training_org_fk REFERENCES orgs (id),
        title text NOT NULL,
        content text NOT NULL,
        type text NOT NULL DEFAULT 'SCENARIO_SPECIFIC',
        is_draft boolean NOT NULL DEFAULT false,
        restricted_to_channels text[] NOT NULL DEFAULT '{}',
        restricted_to_segments text[] NOT NULL DEFAULT '{}',
        metadata jsonb NOT NULL DEFAULT '{}',
        published_at timestamptz(3),
        start_time timestamptz(3),
        end_time timestamptz(3),
        words tsvector NOT NULL,
        created_at timestamptz(3) NOT NULL DEFAULT now(),
        updated_at timestamptz(3) NOT NULL DEFAULT now(),
        PRIMARY KEY (org_id, id),
        CONSTRAINT training_times CHECK (end_time > start_time)
      );
      CREATE INDEX training_org_type ON training (org_id, type, id);
      CREATE INDEX training_org_is_draft ON training (org_id, is_draft, id);
      CREATE INDEX training_metadata ON training USING gin (metadata jsonb_path_ops);
    `);
    await makeSearchable(runner, 'training', 'title', 'content');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE training');
    await dropSearch(runner, 'training');
  }
}
