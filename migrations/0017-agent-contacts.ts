import type { MigrationInterface, QueryRunner } from 'typeorm';
import { releaseFiles } from './release-files.js';

/** Contacts of agents, and their files. */
export class AgentContacts1763800000017 implements MigrationInterface {
  readonly name = 'AgentContacts1763800000017';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE agent_contacts (
        org_id uuid NOT NULL,
        agent_id uuid NOT NULL,
        id uuid NOT NULL,
        external_reference_id text,
        name text,
        email text,
        phone text,
        gender text,
        status text NOT NULL DEFAULT 'active',
        stage text,
        custom_fields jsonb NOT NULL DEFAULT '{}',
        archived boolean NOT NULL DEFAULT false,
        created_at timestamptz(3) NOT NULL DEFAULT now(),
        updated_at timestamptz(3) NOT NULL DEFAULT now(),
        PRIMARY KEY (org_id, agent_id, id),
        CONSTRAINT agent_contacts_agent_fk FOREIGN KEY (org_id, agent_id) REFERENCES agents (org_id, id)
          ON DELETE CASCADE,
        CONSTRAINT agent_contacts_reachable CHECK (email IS NOT NULL OR phone IS NOT NULL)
      );
      CREATE UNIQUE INDEX agent_contacts_reference ON agent_contacts (org_id, agent_id, external_reference_id);

      CREATE TABLE agent_contact_files (
        org_id uuid NOT NULL,
        agent_id uuid NOT NULL,
        id uuid NOT NULL,
        contact_id uuid NOT NULL,
        file_id uuid NOT NULL CONSTRAINT agent_contact_files_file_fk REFERENCES stored_files (id),
        label text,
        name text NOT NULL,
        media_type text NOT NULL,
        bytes integer NOT NULL,
        created_at timestamptz(3) NOT NULL DEFAULT now(),
        updated_at timestamptz(3) NOT NULL DEFAULT now(),
        PRIMARY KEY (org_id, agent_id, id),
        CONSTRAINT agent_contact_files_contact_fk FOREIGN KEY (org_id, agent_id, contact_id)
          REFERENCES agent_contacts (org_id, agent_id, id) ON DELETE CASCADE
      );
      CREATE INDEX agent_contact_files_contact ON agent_contact_files (org_id, agent_id, contact_id, id);
      CREATE UNIQUE INDEX agent_contact_files_file ON agent_contact_files (file_id);
    `);
    await releaseFiles(runner, 'agent_contact_files');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE agent_contact_files, agent_contacts');
  }
}
