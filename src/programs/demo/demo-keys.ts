import type { components } from '../../../sdk/src/index.js';
import type { UsageHabit } from './made-up-usage.js';

type Settings = components['schemas']['CreateApiKeyDto'];

/** A key that the demo creates for the dashboard to show. */
export interface DemoKey {
  readonly by: 'owner' | 'admin';
  readonly settings: Omit<Settings, 'agent_id'>;
  readonly isStored?: false;
  /** Milliseconds until the key expires. Undefined if it never does. */
  readonly endsInMs?: number;
  /** Undefined if the key was never used. */
  readonly habit?: UsageHabit;
}

export const DEMO_KEYS = [
  {
    by: 'owner',
    settings: {
      name: 'Old website',
      description: 'The booking form of the site before last.',
      scopes: ['contacts:write', 'leads:write'],
    },
    habit: { requestsPerDay: 260, rhythm: 'office', endedDaysAgo: 6 },
  },
  {
    by: 'owner',
    settings: {
      name: 'Summer campaign',
      description: 'The landing page of the summer offers.',
      scopes: ['leads:write'],
    },
    endsInMs: 1_000,
    habit: { requestsPerDay: 140, rhythm: 'always', endedDaysAgo: 3 },
  },
  {
    by: 'admin',
    settings: {
      name: 'CRM sync',
      description: 'Copies contacts and leads to the CRM every night.',
      scopes: ['contacts:read', 'contacts:write', 'leads:read'],
      allowed_ips: ['203.0.113.0/28'],
      rate_limit: { per_minute: 300 },
    },
    habit: { requestsPerDay: 5_200, rhythm: 'nightly' },
  },
  {
    by: 'admin',
    settings: {
      name: 'Website chat',
      description: 'The chat on acmetours.example.',
      kind: 'key_secret',
      scopes: ['contacts:create', 'contacts:read', 'contacts:update'],
    },
    habit: { requestsPerDay: 3_400, rhythm: 'always', refusedShare: 0.04 },
  },
  {
    by: 'owner',
    settings: {
      name: 'Mobile app backend',
      description: 'Bookings and messages of the app.',
      scopes: ['chat-sessions:read', 'chat-sessions:write', 'contacts:read', 'media:write', 'tags:read'],
    },
    habit: { requestsPerDay: 9_600, rhythm: 'always', refusedShare: 0.02 },
  },
  {
    by: 'owner',
    settings: {
      name: 'Call center',
      description: 'Events of the contact center, through OpenConnect.',
      type: 'openconnect',
      allowed_origins: ['*.acmetours.example'],
    },
    habit: { requestsPerDay: 1_150, rhythm: 'office', refusedShare: 0.01 },
  },
  {
    by: 'admin',
    settings: { name: 'CRM workspace', description: 'Action buttons in the workspace.', type: 'client' },
    habit: { requestsPerDay: 420, rhythm: 'office' },
  },
  {
    by: 'admin',
    settings: { name: 'Queue monitor', description: 'Waiting calls, for the wallboard.', type: 'queue_adapter' },
  },
  {
    by: 'owner',
    settings: {
      name: 'Quarterly report',
      description: 'The agency that writes the report reads these figures.',
      scopes: ['analytics:read', 'csat:read', 'handoff-analytics:read', 'sla-analytics:read'],
    },
    habit: { requestsPerDay: 90, rhythm: 'office' },
  },
  {
    by: 'admin',
    settings: {
      name: 'Data warehouse',
      scopes: ['calls:read', 'contacts:read', 'csat:read', 'leads:read'],
    },
    isStored: false,
  },
] satisfies readonly DemoKey[];
