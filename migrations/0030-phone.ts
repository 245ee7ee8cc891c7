import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Phone agents. */
export class Phone1763800000030 implements MigrationInterface {
  readonly name = 'Phone1763800000030';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE phone_agents (
        id uuid NOT NULL,
        org_id uuid NOT NULL CONSTRAINT phone_agents_org_fk REFERENCES orgs (id),
        name text NOT NULL,
        type text NOT NULL DEFAULT 'inbound',
        language jsonb,
        accent text,
        voice_id text,
        first_message text,
        instructions text[] NOT NULL DEFAULT '{}',
        handoff_phone_number text,
        speed double precision NOT NULL DEFAULT 1,
        interruptible boolean NOT NULL DEFAULT true,
        data_collection_fields text[] NOT NULL DEFAULT '{}',
        data_collection_webhook_url text,
        use_org_knowledgebase boolean NOT NULL DEFAULT true,
        manual_mode boolean NOT NULL DEFAULT false,
        custom_llm jsonb,
        phone_number text,
        created_at timestamptz(3) NOT NULL DEFAULT now(),
        updated_at timestamptz(3) NOT NULL DEFAULT now(),
        PRIMARY KEY (org_id, id)
      );
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE phone_agents;');
  }
}
