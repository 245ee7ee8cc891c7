import { defineExamples } from '../../core/wire/examples.js';
import { EXAMPLE_IDS as IDS } from '../../core/wire/example-ids.js';

/** Stands for a key. */
const KEY = 'ocx_live_4fQ2zW8nXbT6yLc0RkVg9HsJd1MaPe5UoIt7CqEwZrB3x7Qa';
const JWT = 'eyJhbGciOiJFZERTQSIsInR5cCI6Im9yZytqd3QifQ.eyJhdWQiOiJvcmcifQ.c2lnbmF0dXJl';
const SETTINGS = {
  name: 'Booking website',
  description: 'Reads contacts and opens chat sessions for the website.',
  kind: 'bearer',
  type: 'standard',
  access: 'scoped',
  scopes: ['chat-sessions:write', 'contacts:read'],
  allowed_ips: ['203.0.113.0/24'],
  metadata: { environment: 'production', owner: 'web-team' },
  tags: ['bookings', 'website'],
  external_id: 'website-production',
};
const STATE = {
  agent_id: null,
  masked_key: 'ocx_live_…x7Qa',
  allowed_origins: [],
  state: 'active',
  acknowledged: true,
  expires_at: '2027-03-02T00:00:00.000Z',
  revoked_at: null,
};
const NOT_SUSPENDED = { suspended_at: null, suspension_reason: null, replaced_credential: null };
const NEW = { acknowledged: false, last_used_at: null, usage: { last_24_hours: 0, last_7_days: 0, last_30_days: 0 } };
const LISTED = { name: 'Booking website', masked_key: 'eyJhbGci…bmF0', expires_at: null, revoked_at: null };
const LABELS = { metadata: { plan: 'pro' }, tags: ['website'], external_id: 'website-4711' };
const REPLACED = {
  id: '0198c1b2-5d4e-7a10-8f3b-2c6d9e0a1b2c',
  rotated_at: '2026-03-09T14:05:00.000Z',
  retires_at: null,
  last_used: null,
};
const SUSPENDED = { state: 'suspended', suspended_at: '2026-03-09T14:05:00.000Z', suspension_reason: 'requested' };
const REVOKED = { state: 'revoked', revoked_at: '2026-03-09T14:05:00.000Z' };

const OF_PARTNER = {
  id: IDS.partnerIssuedKey,
  masked_key: 'eyJhbGci…bmF0',
  created_by: { id: IDS.partner, type: 'partner', name: 'Voyage Software' },
};

export const apiKeyExamples = defineExamples({
  schemas: {
    CreateApiKeyDto: {
      ...SETTINGS,
      expires_at: '2027-03-02T00:00:00.000Z',
      rate_limit: { per_minute: 600, per_hour: 10000 },
    },
    UpdateApiKeyDto: {
      name: 'Booking website, production',
      scopes: ['chat-sessions:write', 'contacts:read', 'tags:read'],
      metadata: { owner: 'booking-team', environment: null },
      tags: ['website'],
    },
    RotateApiKeyDto: { grace_seconds: 86400, overlap_from: 'first_use' },
    ReplacedCredential: REPLACED,
    KeyFilterDto: { tag: 'website', idle_since: '2026-01-01T00:00:00.000Z' },
    UpdateApiKeysDto: { action: 'suspend', dry_run: true },
    RevokeApiKeysDto: { dry_run: true },
    RevokeKeysOfDto: { org_id: IDS.org, dry_run: true },
    BulkKey: { id: IDS.apiKey, name: SETTINGS.name, masked_key: STATE.masked_key, state: 'active' },
    BulkChange: { matched: 3, changed: 1, dry_run: true },
    ManagedKey: {
      id: IDS.apiKey,
      ...SETTINGS,
      ...STATE,
      ...NOT_SUSPENDED,
      revision: 3,
      last_used_at: '2026-03-09T14:04:51.006Z',
    },
    NewManagedKey: { id: IDS.apiKey, ...SETTINGS, ...STATE, ...NOT_SUSPENDED, ...NEW, revision: 1, api_key: KEY },
    KeyView: {
      id: IDS.apiKey,
      org_id: IDS.org,
      ...SETTINGS,
      ...STATE,
      last_used_at: '2026-03-09T14:04:51.006Z',
    },
    KeyRateLimit: { per_minute: 600, per_hour: 10000 },
    KeyCreator: { id: IDS.user, type: 'user', name: 'Maya Okafor' },
    CreatePartnerKeyDto: { name: 'Booking website', scopes: ['contacts:read'], ...LABELS },
    CreatedKey: { api_key_id: IDS.partnerIssuedKey, api_key: JWT },
    ListedKey: {
      api_key_id: IDS.partnerIssuedKey,
      ...LISTED,
      ...LABELS,
      last_used_at: '2026-03-09T14:04:51.006Z',
    },
  },
  paths: {
    '/manage/v1/api-keys/{id}': IDS.apiKey,
    '/partner/v1/orgs/{orgId}/api-keys/{keyId}': IDS.partnerIssuedKey,
  },
  operations: {
    'manageApiKeys.list': { query: { state: 'active' } },
    'manageApiKeys.usageByDay': { query: { ids: IDS.apiKey } },
    'manageApiKeys.rotate': { response: { replaced_credential: REPLACED } },
    'manageApiKeys.suspend': { response: SUSPENDED },
    'manageApiKeys.revoke': { response: REVOKED },
    'partnerApiKeys.list': { query: { tag: 'website' } },
    'partnerOrgKey.read': { response: OF_PARTNER },
    'partnerOrgKey.update': { response: OF_PARTNER },
    'partnerOrgKey.rotate': { response: { ...OF_PARTNER, api_key: JWT } },
    'partnerOrgKey.suspend': { response: { ...OF_PARTNER, ...SUSPENDED } },
    'partnerOrgKey.resume': { response: OF_PARTNER },
    'partnerOrgKey.revoke': { response: { ...OF_PARTNER, ...REVOKED } },
  },
});
