import type { ApiKey } from '../api/wire';

/** A key of the org that reads contacts, is in use and never expires. For specs. */
export const EXAMPLE_KEY: ApiKey = {
  id: '0198a2f0-0000-7000-8000-000000000001',
  name: 'Production',
  description: null,
  kind: 'bearer',
  type: 'standard',
  agent_id: null,
  masked_key: 'ocx_live_…abcd',
  access: 'scoped',
  scopes: ['contacts:read'],
  allowed_ips: [],
  allowed_origins: [],
  rate_limit: { per_minute: 1_000, per_hour: 10_000 },
  state: 'active',
  acknowledged: true,
  created_at: '2026-01-01T00:00:00.000Z',
  expires_at: null,
  revoked_at: null,
  last_used_at: '2026-03-01T00:00:00.000Z',
  created_by: { type: 'operator', id: null, name: 'test' },
  usage: { last_24_hours: 0, last_7_days: 0, last_30_days: 0 },
};
