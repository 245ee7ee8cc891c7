import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Serves each filter of the request log among the rows of one org, and sums over the usage of all keys of an org. */
export class RequestLogFilters1763800000091 implements MigrationInterface {
  readonly name = 'RequestLogFilters1763800000091';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE INDEX request_log_org_credential ON request_log (org_id, credential_id, id) WHERE credential_id IS NOT NULL;
      CREATE INDEX request_log_org_client ON request_log (org_id, client_address, id);
      CREATE INDEX request_log_org_reason ON request_log (org_id, reason, id) WHERE reason IS NOT NULL;
      CREATE INDEX request_log_org_route ON request_log (org_id, route, id);
      CREATE INDEX request_log_org_service ON request_log (org_id, service, id) WHERE service IS NOT NULL;
      CREATE INDEX request_log_org_outcome ON request_log (org_id, outcome, status, id);
      CREATE INDEX request_log_org_method ON request_log (org_id, method, id);
      CREATE INDEX key_usage_org_hour ON key_usage (org_id, hour);
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      DROP INDEX key_usage_org_hour;
      DROP INDEX request_log_org_method, request_log_org_outcome, request_log_org_service, request_log_org_route,
        request_log_org_reason, request_log_org_client, request_log_org_credential;
    `);
  }
}
