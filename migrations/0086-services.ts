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
  ],
};
const ORG = { table: 'orgs', tag: 'org', idColumn: 'id', columns: ['partner_id', 'archived_at'] };

/** Services behind the guards: their scopes and routes, and the keys of services and of the operator. */
export class Services1763800000086 implements MigrationInterface {
  readonly name = 'Services1763800000086';

  async up(runner: QueryRunner): Promise<void> {
    await this.createTables(runner);
    await this.extendKeys(runner);
    await this.keepCoverage(runner);
    await ringOnChange(runner, {
      table: 'services',
      tag: 'service',
      idColumn: 'id',
      columns: ['number', 'slug', 'full_access', 'routes', 'revision'],
    });
    await ringOnChange(runner, {
      table: 'service_resources',
      tag: 'service',
      idColumn: 'service_id',
      columns: ['name', 'position', 'actions'],
    });
    await ringOnChange(runner, {
      ...KEY,
      columns: [...KEY.columns, 'service_id', 'is_operator', 'covers_services'],
    });
    await ringOnChange(runner, { ...ORG, columns: [...ORG.columns, 'external_id'] });
  }

  async down(runner: QueryRunner): Promise<void> {
    await ringOnChange(runner, ORG);
    await ringOnChange(runner, KEY);
    await runner.query(`
      DELETE FROM api_keys WHERE service_id IS NOT NULL OR is_operator;
      DROP TRIGGER cover_services ON api_keys;
      DROP TRIGGER cover_services_again ON api_keys;
      DROP FUNCTION cover_services();
      ALTER TABLE api_keys
        DROP CONSTRAINT api_keys_one_owner,
        ADD CONSTRAINT api_keys_one_owner CHECK (num_nonnulls(org_id, partner_id) = 1),
        DROP service_id, DROP is_operator, DROP covers_services;
      DELETE FROM access_ringing_table WHERE target IN ('services'::regclass, 'service_resources'::regclass);
      DROP TABLE service_resources, services;
    `);
  }

  private async createTables(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE services (
        id uuid PRIMARY KEY,
        number bigint GENERATED ALWAYS AS IDENTITY,
        slug text NOT NULL,
        label text NOT NULL,
        description text NOT NULL,
        url text,
        full_access text NOT NULL DEFAULT 'existing',
        routes jsonb NOT NULL DEFAULT '[]',
        revision integer NOT NULL DEFAULT 1,
        created_at timestamptz(3) NOT NULL DEFAULT now(),
        updated_at timestamptz(3) NOT NULL DEFAULT now()
      );
      CREATE UNIQUE INDEX services_slug ON services (slug);

      CREATE TABLE service_resources (
        name text PRIMARY KEY,
        service_id uuid NOT NULL CONSTRAINT service_resources_service_fk REFERENCES services (id) ON DELETE CASCADE,
        position integer NOT NULL,
        label text NOT NULL,
        description text NOT NULL,
        actions text[] NOT NULL
      );
      CREATE INDEX service_resources_service ON service_resources (service_id, position);
    `);
  }

  private async extendKeys(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE api_keys
        ADD service_id uuid CONSTRAINT api_keys_service_fk REFERENCES services (id) ON DELETE CASCADE,
        ADD is_operator boolean NOT NULL DEFAULT false,
        ADD covers_services bigint NOT NULL DEFAULT 0,
        DROP CONSTRAINT api_keys_one_owner,
        ADD CONSTRAINT api_keys_one_owner
          CHECK (num_nonnulls(org_id, partner_id, service_id) + is_operator::integer = 1);
      CREATE INDEX api_keys_service ON api_keys (service_id, id) WHERE service_id IS NOT NULL;
      CREATE INDEX api_keys_scopes ON api_keys USING gin (scopes) WHERE scopes IS NOT NULL AND revoked_at IS NULL;
    `);
  }

  /** Full access covers the services that existed when a key got it, however the row was written. */
  private async keepCoverage(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE FUNCTION cover_services() RETURNS trigger LANGUAGE plpgsql AS $$
      BEGIN
        new.covers_services := CASE
          WHEN new.scopes IS NOT NULL THEN 0
          ELSE (SELECT coalesce(max(number), 0) FROM services)
        END;
        RETURN new;
      END $$;
      CREATE TRIGGER cover_services BEFORE INSERT ON api_keys
        FOR EACH ROW EXECUTE FUNCTION cover_services();
      CREATE TRIGGER cover_services_again BEFORE UPDATE OF scopes ON api_keys
        FOR EACH ROW WHEN ((old.scopes IS NULL) <> (new.scopes IS NULL)) EXECUTE FUNCTION cover_services();
    `);
  }
}
