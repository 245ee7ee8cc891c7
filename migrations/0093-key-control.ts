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
    'public_key',
    'service_id',
    'is_operator',
    'covers_services',
  ],
};
const ORG = {
  table: 'orgs',
  tag: 'org',
  idColumn: 'id',
  columns: ['partner_id', 'archived_at', 'external_id'],
};
const SERVICE = {
  table: 'services',
  tag: 'service',
  idColumn: 'id',
  columns: ['number', 'slug', 'full_access', 'routes', 'revision'],
};

/** What managers attach to keys, the revision for If-Match, and the suspension of keys, orgs and services. */
export class KeyControl1763800000093 implements MigrationInterface {
  readonly name = 'KeyControl1763800000093';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE api_keys
        ADD metadata jsonb NOT NULL DEFAULT '{}',
        ADD tags text[] NOT NULL DEFAULT '{}',
        ADD external_id text,
        ADD format text NOT NULL DEFAULT 'opaque',
        ADD revision integer NOT NULL DEFAULT 1,
        ADD suspended_at timestamptz(3),
        ADD suspension_reason text,
        ADD CONSTRAINT api_keys_suspension CHECK ((suspended_at IS NULL) = (suspension_reason IS NULL));
      UPDATE api_keys SET format = 'jwt'
        WHERE kind = 'bearer' AND (partner_id IS NOT NULL OR org_id IS NOT NULL AND created_by_type = 'partner');
      CREATE INDEX api_keys_tags ON api_keys USING gin (tags) WHERE tags <> '{}';
      CREATE UNIQUE INDEX api_keys_external_id ON api_keys (org_id, external_id) WHERE revoked_at IS NULL;

      -- In the database, so that no writer forgets it.
      CREATE FUNCTION api_keys_count_revision() RETURNS trigger LANGUAGE plpgsql AS $$
      BEGIN
        new.revision := old.revision + 1;
        RETURN new;
      END $$;
      CREATE TRIGGER api_keys_revision BEFORE UPDATE ON api_keys
        FOR EACH ROW WHEN (old IS DISTINCT FROM new) EXECUTE FUNCTION api_keys_count_revision();

      ALTER TABLE orgs ADD suspended_at timestamptz(3);
      ALTER TABLE services ADD suspended_at timestamptz(3);
    `);
    await ringOnChange(runner, {
      ...KEY,
      columns: [...KEY.columns, 'metadata', 'tags', 'external_id', 'format', 'revision', 'suspended_at'],
    });
    await ringOnChange(runner, { ...ORG, columns: [...ORG.columns, 'suspended_at'] });
    await ringOnChange(runner, { ...SERVICE, columns: [...SERVICE.columns, 'suspended_at'] });
  }

  async down(runner: QueryRunner): Promise<void> {
    await ringOnChange(runner, SERVICE);
    await ringOnChange(runner, ORG);
    await ringOnChange(runner, KEY);
    await runner.query(`
      ALTER TABLE services DROP suspended_at;
      ALTER TABLE orgs DROP suspended_at;
      DROP TRIGGER api_keys_revision ON api_keys;
      DROP FUNCTION api_keys_count_revision();
      ALTER TABLE api_keys DROP metadata, DROP tags, DROP external_id, DROP format, DROP revision,
        DROP suspended_at, DROP suspension_reason;
    `);
  }
}
