import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Endpoints that are called at events, and the deliveries to them. */
export class Webhooks1763800000071 implements MigrationInterface {
  readonly name = 'Webhooks1763800000071';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE webhook_endpoints (
        id uuid NOT NULL,
        org_id uuid NOT NULL CONSTRAINT webhook_endpoints_org_fk REFERENCES orgs (id),
        url text NOT NULL,
        events text[] NOT NULL,
        description text,
        is_enabled boolean NOT NULL DEFAULT true,
        secret bytea NOT NULL,
        created_at timestamptz(3) NOT NULL DEFAULT now(),
        updated_at timestamptz(3) NOT NULL DEFAULT now(),
        PRIMARY KEY (org_id, id)
      );

      CREATE TABLE webhook_deliveries (
        id uuid NOT NULL,
        org_id uuid NOT NULL,
        endpoint_id uuid NOT NULL,
        type text NOT NULL,
        subject jsonb NOT NULL,
        status text NOT NULL DEFAULT 'pending',
        attempts integer NOT NULL DEFAULT 0,
        response_status integer,
        error text,
        ended_at timestamptz(3),
        created_at timestamptz(3) NOT NULL DEFAULT now(),
        updated_at timestamptz(3) NOT NULL DEFAULT now(),
        PRIMARY KEY (org_id, id),
        CONSTRAINT webhook_deliveries_endpoint_fk FOREIGN KEY (org_id, endpoint_id)
          REFERENCES webhook_endpoints (org_id, id) ON DELETE CASCADE
      );
      CREATE INDEX webhook_deliveries_endpoint ON webhook_deliveries (org_id, endpoint_id, id);
      CREATE INDEX webhook_deliveries_ended_at ON webhook_deliveries (ended_at) WHERE ended_at IS NOT NULL;
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE webhook_deliveries, webhook_endpoints;');
  }
}
