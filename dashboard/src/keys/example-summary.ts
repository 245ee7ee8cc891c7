import type { KeySummary } from '../api/wire';
import { EXAMPLE_KEY } from './example-key';

/** The key of `EXAMPLE_KEY` in the list of keys. For specs. */
export const EXAMPLE_SUMMARY: KeySummary = {
  id: EXAMPLE_KEY.id,
  name: EXAMPLE_KEY.name,
  description: null,
  masked_key: EXAMPLE_KEY.masked_key,
  tags: [],
  external_id: null,
  kind: 'bearer',
  type: 'standard',
  access: 'scoped',
  state: 'active',
  acknowledged: true,
  created_at: EXAMPLE_KEY.created_at,
  created_by: EXAMPLE_KEY.created_by,
  expires_at: null,
  last_used_at: EXAMPLE_KEY.last_used_at,
  scopes_count: 1,
  requests_30_days: 0,
  denied_30_days: 0,
  findings: [],
};
