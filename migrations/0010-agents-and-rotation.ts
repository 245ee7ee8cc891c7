import type { MigrationInterface, QueryRunner } from 'typeorm';
import { ringOnChange } from './ring-on-change.js';

const KEY = {
  table: 'api_keys',
  tag: 'key',
  idColumn: 'id',
  columns: [
    'org_id',
    'partner_id',
    'kind',
    'type',
    'name',
    'description',
    'masked_key',
    'scopes',
    'agent_id',
    'allowed_ips',
    'allowed_origins',
    'rate_per_minute',
    'rate_per_hour',
    'created_at',
    'acknowledged_at',
    'expires_at',
    'revoked_at',
  ],
};
const CREDENTIAL = {
  table: 'key_credentials',
  tag: 'key',
  idColumn: 'key_id',
  columns: ['digest', 'secret_hash', 'retires_at'],
};

/** Agents, their keys, the time of a rotation, and indexes for the lists of the management API. */
export class AgentsAndRotation1763800000010 implements MigrationInterface {
  readonly name = 'AgentsAndRotation1763800000010';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE agents (
        id uuid NOT NULL,
        org_id uuid NOT NULL CONSTRAINT agents_org_fk REFERENCES orgs (id),
        name text NOT NULL,
        status text NOT NULL DEFAULT 'active',
        voice_id text,
        greeting text,
        prompt text,
        knowledge_base_id uuid,
        created_at timestamptz(3) NOT NULL DEFAULT now(),
        updated_at timestamptz(3) NOT NULL DEFAULT now(),
        PRIMARY KEY (org_id, id)
      );

      -- Through the org: no key can be bound to another org's agent.
      ALTER TABLE api_keys
        ADD public_key text,
        ADD CONSTRAINT api_keys_agent_fk FOREIGN KEY (org_id, agent_id) REFERENCES agents (org_id, id),
        ADD CONSTRAINT api_keys_bound CHECK (kind <> 'key_secret' OR agent_id IS NOT NULL OR revoked_at IS NOT NULL);
      CREATE INDEX api_keys_agent ON api_keys (org_id, agent_id) WHERE agent_id IS NOT NULL;

      ALTER TABLE key_credentials ADD rotated_at timestamptz(3);

      CREATE INDEX members_org ON members (org_id, id);
      CREATE INDEX audit_entries_org_target ON audit_entries (org_id, target_id, id);
      CREATE INDEX audit_entries_org_actor ON audit_entries (org_id, actor_id, id);
      CREATE INDEX audit_entries_org_action ON audit_entries (org_id, action, id);
      CREATE INDEX audit_entries_org_created_at ON audit_entries (org_id, created_at);
    `);
    await ringOnChange(runner, { ...KEY, columns: [...KEY.columns, 'public_key'] });
    await ringOnChange(runner, { ...CREDENTIAL, columns: [...CREDENTIAL.columns, 'rotated_at'] });
  }

  async down(runner: QueryRunner): Promise<void> {
    await ringOnChange(runner, KEY);
    await ringOnChange(runner, CREDENTIAL);
    await runner.query(`
      DROP INDEX members_org, audit_entries_org_target, audit_entries_org_actor, audit_entries_org_action,
        audit_entries_org_created_at;
      ALTER TABLE key_credentials DROP rotated_at;
      ALTER TABLE api_keys DROP CONSTRAINT api_keys_agent_fk, DROP CONSTRAINT api_keys_bound, DROP public_key;
      DROP INDEX api_keys_agent;
      DROP TABLE agents;
    `);
  }
}
