interface ForeignTables {
  readonly feature: string;
  readonly tables: readonly string[];
  readonly because: string;
}

/**
 * The tables of other features that a feature's SQL names, and why neither the owner's service nor a domain event
 * replaces it. Prefer SQL exported by the owner, such as `tenancy/orgs/org-sql.ts`, to a line here.
 */
export const FOREIGN_TABLES: readonly ForeignTables[] = [
  // Credentials: a cached answer requires all its rows from one snapshot.
  { feature: 'tenancy/api-keys', tables: ['orgs', 'partners'], because: 'The cache reads a key in one statement.' },
  {
    feature: 'tenancy/key-policies',
    tables: ['api_keys', 'key_credentials', 'orgs'],
    because: 'It finds the keys that break a policy, and the policies of the partner of an org.',
  },
  {
    feature: 'tenancy/idle-keys',
    tables: ['api_keys', 'orgs'],
    because: 'It finds idle keys of all orgs in batches.',
  },
  {
    feature: 'tenancy/key-imports',
    tables: ['api_keys', 'key_credentials', 'orgs'],
    because: 'The first use of a key and the imports of active orgs are one statement each.',
  },
  {
    feature: 'tenancy/sessions',
    tables: ['members', 'orgs', 'partners', 'roles', 'users'],
    because: 'Each request of a session checks all of them in one statement.',
  },
  { feature: 'tenancy/members', tables: ['roles'], because: 'The list of roles is a page of the kit.' },

  {
    feature: 'gateway/services',
    tables: ['service_resources', 'services'],
    because: 'Keys refer to services, so tenancy/ has their tables; everything else about services is here.',
  },

  // The lower wings can't import what the owners export.
  {
    feature: 'core/encryption',
    tables: [
      'action_credentials',
      'audit_keys',
      'idempotency_records',
      'integrations',
      'key_imports',
      'mail_domains',
      'signing_keys',
      'sip_inbound_trunks',
      'sip_outbound_trunks',
      'webhook_endpoints',
    ],
    because: 'SecretBox encrypts only what is listed, so that a rotation of the key finds every value.',
  },
  { feature: 'kit/audit', tables: ['members'], because: 'An entry shows its actor as the org knows the member.' },
  { feature: 'kit/audit', tables: ['orgs'], because: 'Each org has a hash chain, before its first entry too.' },
  {
    feature: 'kit/webhooks',
    tables: ['orgs', 'partners'],
    because: 'Nothing is sent for an org that is archived or whose partner is inactive.',
  },
  { feature: 'kit/mailer', tables: ['orgs'], because: 'Mail of an archived org is not sent.' },

  // Lists and reads: a join is cheaper than a query per page or row.
  {
    feature: 'resources/conversations/chat-sessions',
    tables: ['contacts', 'sla_clocks', 'tags', 'teams'],
    because: 'A session shows parts of them.',
  },
  {
    feature: 'resources/conversations/chat-sessions',
    tables: ['mail_messages', 'whatsapp_messages'],
    because: 'The history shows whether a message was sent.',
  },
  {
    feature: 'resources/conversations/email-replies',
    tables: ['mail_bodies', 'mail_messages'],
    because: 'A redacted message is also cleared in its mail.',
  },
  {
    feature: 'resources/conversations/whatsapp',
    tables: ['chat_events', 'chat_sessions'],
    because: 'A message shows its session and contact.',
  },
  { feature: 'resources/directory/blocklist', tables: ['contacts'], because: 'Contacts are blocked by address too.' },
  { feature: 'resources/directory/teams', tables: ['members', 'users'], because: 'A team shows its members.' },
  {
    feature: 'resources/automation/webhooks',
    tables: ['webhook_deliveries', 'webhook_endpoints'],
    because: 'The routes of what kit/webhooks keeps.',
  },
  { feature: 'resources/outreach/email', tables: ['mail_domains'], because: 'The routes of what kit/mailer keeps.' },

  // Decisions about rows that the same transaction reads or locks.
  {
    feature: 'resources/automation/event-facts',
    tables: ['chat_attachments', 'chat_events', 'chat_sessions', 'contacts', 'csat_scores', 'handoffs'],
    because: 'A run and a delivery read the rows of their event in one statement.',
  },
  {
    feature: 'resources/automation/workflows',
    tables: ['chat_events'],
    because: 'A redaction finds the runs of a session by its history.',
  },
  {
    feature: 'resources/automation/workflows',
    tables: ['orgs', 'partners'],
    because: 'The statement that begins a run sees whether its org may run it.',
  },
  {
    feature: 'resources/conversations/sla-policies',
    tables: ['chat_events', 'chat_sessions', 'contacts', 'office_hours'],
    because: 'A session is matched with policies in the transaction that changes it.',
  },
  { feature: 'resources/outreach/sequences', tables: ['contacts'], because: 'Steps lock their contacts, as a set.' },

  // Analytics aggregate the rows of other features.
  {
    feature: 'resources/analytics/handoff-analytics',
    tables: ['chat_sessions', 'handoffs'],
    because: 'It counts them.',
  },
  { feature: 'resources/analytics/insights', tables: ['handoffs', 'teams'], because: 'It counts and shows them.' },
  { feature: 'resources/analytics/sla-analytics', tables: ['chat_sessions', 'sla_clocks'], because: 'It counts them.' },
  {
    feature: 'resources/analytics/usage-analytics',
    tables: ['api_keys', 'calls', 'chat_events', 'chat_sessions', 'handoffs', 'key_activity', 'key_usage', 'leads'],
    because: 'It counts them.',
  },

  {
    feature: 'insight/request-log',
    tables: ['api_keys', 'orgs'],
    because: 'A request shows its key, which may belong to an org of the partner.',
  },
  {
    feature: 'insight/request-log',
    tables: ['key_refusals', 'key_usage'],
    because: 'The summary adds up the counts of keys, which are exact.',
  },
  {
    feature: 'insight/scope-use',
    tables: ['api_keys', 'audit_entries', 'installation', 'key_scope_uses'],
    because:
      'Advice rests on the uses of scopes, and on when each was granted. The audit has that, and what to restore.',
  },
  {
    feature: 'insight/credential-use',
    tables: ['api_keys', 'key_credentials'],
    because: 'It shows each credential with its last use.',
  },
  {
    feature: 'insight/leaks',
    tables: ['api_keys', 'key_credentials'],
    because: 'A report names credentials by digests, thousands at once, and can end one of them.',
  },
  {
    feature: 'insight/health',
    tables: [
      'api_keys',
      'credential_uses',
      'key_credentials',
      'key_exposures',
      'key_refusals',
      'key_scope_uses',
      'key_usage',
      'orgs',
    ],
    because: 'It judges all keys of an org in one statement.',
  },
  {
    feature: 'insight/key-report',
    tables: ['api_keys', 'orgs'],
    because: 'The mark of a reported week is set in the transaction that stores the mail.',
  },
  {
    feature: 'insight/key-notices',
    tables: ['api_keys', 'orgs', 'partners'],
    because: 'A statement takes the keys that are due, and one marks the notices that are still true.',
  },

  { feature: 'programs/cli', tables: ['audit_keys', 'signing_keys'], because: 'The doctor decrypts each of them.' },
  {
    feature: 'programs/demo',
    tables: ['api_keys', 'credential_uses', 'key_credentials', 'key_refusals', 'key_scope_uses', 'key_usage'],
    because: 'The demo makes up thirty days of usage.',
  },

  {
    feature: 'programs/cli',
    tables: ['audit_entries', 'members', 'orgs', 'partners', 'roles', 'services', 'sessions'],
    because: 'After a restore, it compares lost entries with the rows that they were about.',
  },
];
