import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Endpoints of partners and of the installation, both kinds of signatures, secrets that replace each other, and a log. */
export class WebhookOwners1763800000098 implements MigrationInterface {
  readonly name = 'WebhookOwners1763800000098';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE webhook_deliveries DROP CONSTRAINT webhook_deliveries_endpoint_fk;

      ALTER TABLE webhook_endpoints
        DROP CONSTRAINT webhook_endpoints_pkey,
        ADD PRIMARY KEY (id),
        ADD owner_id uuid,
        ADD signature text NOT NULL DEFAULT 'hmac',
        ADD public_key text,
        ADD previous_secret bytea,
        ADD previous_secret_expires_at timestamptz(3),
        ADD disabled_reason text;
      ALTER TABLE webhook_endpoints ALTER org_id DROP NOT NULL;
      UPDATE webhook_endpoints SET owner_id = org_id;
      ALTER TABLE webhook_endpoints ALTER owner_id SET NOT NULL;
      CREATE INDEX webhook_endpoints_owner ON webhook_endpoints (owner_id, id);
      CREATE INDEX webhook_endpoints_org ON webhook_endpoints (org_id, id);

      ALTER TABLE webhook_deliveries
        DROP CONSTRAINT webhook_deliveries_pkey,
        ADD PRIMARY KEY (id),
        ADD payload jsonb,
        ADD attempt_log jsonb NOT NULL DEFAULT '[]',
        ADD next_attempt_at timestamptz(3),
        ADD give_up_at timestamptz(3) NOT NULL DEFAULT now() + interval '3 days',
        ADD turn integer NOT NULL DEFAULT 0;
      ALTER TABLE webhook_deliveries ALTER org_id DROP NOT NULL;
      UPDATE webhook_deliveries SET give_up_at = created_at + interval '3 days';
      ALTER TABLE webhook_deliveries ALTER give_up_at DROP DEFAULT;
      DROP INDEX webhook_deliveries_endpoint;
      CREATE INDEX webhook_deliveries_endpoint ON webhook_deliveries (endpoint_id, id);
      CREATE INDEX webhook_deliveries_failed ON webhook_deliveries (endpoint_id, id) WHERE status = 'failed';
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      DELETE FROM webhook_endpoints WHERE org_id IS NULL OR signature <> 'hmac';
      DELETE FROM webhook_deliveries WHERE org_id IS NULL OR payload IS NOT NULL
        OR NOT EXISTS (SELECT FROM webhook_endpoints WHERE id = endpoint_id);
      DROP INDEX webhook_deliveries_failed;
      DROP INDEX webhook_deliveries_endpoint;
      ALTER TABLE webhook_deliveries
        DROP CONSTRAINT webhook_deliveries_pkey,
        ADD PRIMARY KEY (org_id, id),
        DROP payload, DROP attempt_log, DROP next_attempt_at, DROP give_up_at, DROP turn;
      CREATE INDEX webhook_deliveries_endpoint ON webhook_deliveries (org_id, endpoint_id, id);

      DROP INDEX webhook_endpoints_org;
      DROP INDEX webhook_endpoints_owner;
      ALTER TABLE webhook_endpoints
        DROP CONSTRAINT webhook_endpoints_pkey,
        ADD PRIMARY KEY (org_id, id),
        DROP owner_id, DROP signature, DROP public_key, DROP previous_secret, DROP previous_secret_expires_at,
        DROP disabled_reason;
      ALTER TABLE webhook_deliveries
        ADD CONSTRAINT webhook_deliveries_endpoint_fk FOREIGN KEY (org_id, endpoint_id)
          REFERENCES webhook_endpoints (org_id, id) ON DELETE CASCADE;
    `);
  }
}
