export type LogLevel = 'silent' | 'info' | 'warn' | 'error';

export interface ErrorDefinition {
  readonly status: number;
  /** The public sentence; `{name}` is filled from the error's parameters. */
  readonly message: string;
  /** The reason phrase, in bodies that carry `error`. */
  readonly error?: string;
  readonly log: LogLevel;
  /** The source that fixes the whole body, which therefore has no `code`. */
  readonly fixedBySource?: 'S0' | 'S1' | 'S3';
}

/** Every refusal that the server can answer, by its stable code. `docs/errors.md` is generated from this list. */
export const ERROR_CATALOGUE = {
  invalid_request: { status: 400, message: '{message}', log: 'silent' },
  malformed_json: { status: 400, message: 'The body is not valid JSON.', log: 'silent' },
  json_too_deep: { status: 400, message: 'The body is nested deeper than 32 levels.', log: 'silent' },
  json_too_wide: { status: 400, message: 'There are too many fields or values.', log: 'silent' },
  malformed_form: { status: 400, message: 'The body is not a valid multipart form.', log: 'silent' },
  malformed_url: { status: 400, message: 'The URL is not valid.', log: 'silent' },
  malformed_request: { status: 400, message: 'The request is not valid HTTP.', log: 'silent' },

  failed_to_parse_spec: { status: 400, message: '{message}', log: 'silent' },
  invalid_tool_schema: { status: 400, message: '{message}', log: 'silent' },
  cannot_determine_api_endpoint: { status: 400, message: '{message}', log: 'silent' },

  /** One body, whatever was wrong with the credential. */
  unauthorized: { status: 401, message: 'Unauthorized', error: 'Unauthorized', log: 'silent', fixedBySource: 'S0' },
  key_and_secret_required: {
    status: 401,
    message: 'Both x-api-key and x-api-secret headers are required.',
    error: 'Unauthorized',
    log: 'silent',
    fixedBySource: 'S3',
  },

  scope_missing: {
    status: 403,
    message: 'This API key does not have the required scope: "{scope}".',
    log: 'silent',
    fixedBySource: 'S0',
  },
  ip_not_allowed: { status: 403, message: 'IP address {ip} is not allowed.', log: 'info' },
  ip_undetermined: { status: 403, message: 'The client IP address could not be determined.', log: 'info' },
  origin_not_allowed: { status: 403, message: 'Origin is not allowed.', log: 'info' },
  cross_site_request: {
    status: 403,
    message: 'State-changing requests must carry the header X-Requested-With: gatehouse.',
    log: 'info',
  },
  /** Seed 003: "only Owners and Admins can create or change API keys". */
  role_missing: { status: 403, message: 'This needs the role {roles}.', log: 'info' },
  /** Seed 003: another agent than the key's, an unknown one and a malformed id look the same. */
  agent_not_yours: { status: 403, message: 'This API key is not valid for this agent.', log: 'info' },
  /** Seed 001: another partner's org, an unknown one and a malformed id look the same. */
  org_not_yours: { status: 403, message: 'Org does not belong to this partner.', log: 'info' },
  /** The partner's own: another partner reads `org_not_yours`. */
  org_archived: { status: 403, message: 'Org is archived.', log: 'info' },
  /** An unknown number and one that another org or partner has look the same. */
  whatsapp_number_not_assigned: {
    status: 403,
    message: 'WhatsApp number {id} is not assigned to this org. The partner or the operator assigns it.',
    log: 'info',
  },
  whatsapp_number_not_yours: {
    status: 403,
    message: "WhatsApp number {id} is not this partner's to assign. The operator hands it to a partner.",
    log: 'info',
  },

  route_not_found: { status: 404, message: 'Route not found', error: 'Not Found', log: 'silent' },
  not_found: { status: 404, message: '{what} not found', error: 'Not Found', log: 'silent' },
  org_external_id_unknown: {
    status: 404,
    message: 'Org with external_id "{external_id}" not found',
    error: 'Not Found',
    log: 'silent',
    fixedBySource: 'S1',
  },

  /** With `Allow`; like an unknown route it needs no credential. */
  method_not_allowed: { status: 405, message: 'Method {method} is not allowed here: use {allowed}.', log: 'silent' },

  request_timeout: { status: 408, message: 'The request took too long to arrive.', log: 'silent' },

  org_external_id_taken: {
    status: 409,
    message: 'Org with external_id "{external_id}" already exists',
    log: 'silent',
    fixedBySource: 'S1',
  },
  other_org: {
    status: 409,
    message: 'You are signed in to another organization in this browser. Reload the page.',
    log: 'silent',
  },
  taken: { status: 409, message: '{what} with this {field} already exists', log: 'silent' },

  key_inactive: { status: 409, message: 'This API key is {state} and cannot be changed.', log: 'silent' },
  limit_reached: { status: 409, message: 'The limit of {max} {what} is reached.', log: 'silent' },
  storage_full: { status: 409, message: 'The limit of {max} MB of stored files is reached.', log: 'silent' },
  inbound_trunk_exists: { status: 409, message: 'The org has an inbound trunk already.', log: 'silent' },
  last_owner: { status: 409, message: 'An organization needs an Owner: this is its last one.', log: 'silent' },
  already_handed_off: { status: 409, message: 'The session is already handed off.', log: 'silent' },
  crawl_under_way: { status: 409, message: 'The datasource is being crawled.', log: 'silent' },
  crawl_paused: { status: 409, message: 'The datasource is paused.', log: 'silent' },
  in_use: { status: 409, message: '{what} is used by {user}', log: 'silent' },
  whatsapp_number_taken: {
    status: 409,
    message: 'WhatsApp number {id} is assigned already. It has to be released first.',
    log: 'silent',
  },
  template_not_approved: { status: 409, message: 'The template is {status}, not approved.', log: 'silent' },
  topics_full: { status: 409, message: 'There are {max} topics already, which is the most.', log: 'silent' },
  session_open: { status: 409, message: 'The session is still open.', log: 'silent' },
  sequence_not_pending: {
    status: 409,
    message: 'The sequence is {status}: only a pending one can be changed or started.',
    log: 'silent',
  },
  sequence_continuous: {
    status: 409,
    message: 'The sequence is continuous: it begins with the contacts that are added to it.',
    log: 'silent',
  },
  sequence_not_continuous: {
    status: 409,
    message: 'Contacts are added to continuous sequences only.',
    log: 'silent',
  },
  sequence_canceled: { status: 409, message: 'The sequence is canceled.', log: 'silent' },
  team_without_sessions: {
    status: 409,
    message: 'The team does not receive sessions: is_support_enabled is false.',
    log: 'silent',
  },

  idempotency_in_progress: {
    status: 409,
    message: 'A request with this Idempotency-Key is still under way. Try again shortly.',
    log: 'silent',
  },

  body_too_large: { status: 413, message: 'The body is too large.', log: 'silent' },
  file_too_large: { status: 413, message: 'The file is larger than {max}.', log: 'silent' },
  url_too_long: { status: 414, message: 'The URL is too long.', log: 'silent' },
  unsupported_media_type: { status: 415, message: 'Content-Type must be application/json.', log: 'silent' },
  unsupported_content_encoding: {
    status: 415,
    message: 'Content-Encoding must be identity: send the body uncompressed.',
    log: 'silent',
  },
  form_required: { status: 415, message: 'Content-Type must be multipart/form-data.', log: 'silent' },
  text_not_utf8: {
    status: 415,
    message: 'The file is text in another encoding than UTF-8: save it as UTF-8.',
    log: 'silent',
  },
  file_type_not_allowed: { status: 415, message: 'The file must be {types}.', log: 'silent' },
  headers_too_large: { status: 431, message: 'The request headers are too large.', log: 'silent' },
  idempotency_key_reused: {
    status: 422,
    message: 'This Idempotency-Key was used with another body.',
    log: 'silent',
  },
  bodies_in_flight: {
    status: 429,
    message: 'Too many of your request bodies are still arriving. Send fewer at once.',
    log: 'info',
  },
  rate_limited: { status: 429, message: '{message}', log: 'silent' },

  internal: { status: 500, message: 'Internal server error', log: 'error' },
  database_unavailable: { status: 503, message: 'The database is not available. Try again shortly.', log: 'warn' },
  storage_unavailable: { status: 503, message: 'Files cannot be stored or read now. Try again shortly.', log: 'error' },
  verification_busy: { status: 503, message: 'Too many secrets are being verified. Try again shortly.', log: 'warn' },
  imports_busy: { status: 503, message: 'Too many documents are being imported. Try again shortly.', log: 'warn' },
  bodies_in_flight_in_all: {
    status: 503,
    message: 'Too many request bodies are still arriving. Try again shortly.',
    log: 'warn',
  },
  shutting_down: { status: 503, message: 'The server is shutting down. Try again.', log: 'silent' },
} as const satisfies Record<string, ErrorDefinition>;

export type ErrorCode = keyof typeof ERROR_CATALOGUE;
