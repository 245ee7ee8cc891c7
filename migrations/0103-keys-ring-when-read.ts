import type { MigrationInterface, QueryRunner } from 'typeorm';
import { ringOnChange } from './ring-on-change.js';

const READ_BY_FILLS = [
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
  'metadata',
  'tags',
  'external_id',
  'suspended_at',
];
const KEY = { table: 'api_keys', tag: 'key', idColumn: 'id' };

/** Migration 0093 also rang for the revision, which every UPDATE raises, and for the format. No fill reads these. */
export class KeysRingWhenRead1763800000103 implements MigrationInterface {
  readonly name = 'KeysRingWhenRead1763800000103';

  async up(runner: QueryRunner): Promise<void> {
    await ringOnChange(runner, { ...KEY, columns: READ_BY_FILLS });
  }

  async down(runner: QueryRunner): Promise<void> {
    await ringOnChange(runner, { ...KEY, columns: [...READ_BY_FILLS, 'format', 'revision'] });
  }
}
