interface ColumnPlace {
  readonly table: string;
  readonly column: string;
  readonly primaryKey: readonly string[];
  /** Columns whose values are authenticated with each seal, so that it can't be moved to another row. */
  readonly boundTo: readonly string[];
}

const ROW_OF_ORG = { primaryKey: ['org_id', 'id'], boundTo: ['org_id', 'id'] };
/** The owner of an org's endpoint is the org, which seals from before other owners existed are bound to. */
const ROW_OF_OWNER = { primaryKey: ['owner_id', 'id'], boundTo: ['owner_id', 'id'] };

/**
 * Every column that holds encrypted values, by purpose. `SecretBox` accepts no other purpose, so a rotation of
 * ENCRYPTION_KEY finds every seal. A purpose is authenticated with its seals and never changes.
 */
export const SEALED_COLUMNS = {
  'signing_keys.private_jwk': {
    table: 'signing_keys',
    column: 'private_jwk_encrypted',
    primaryKey: ['kid'],
    boundTo: [],
  },
  'audit_keys.sealed_key': { table: 'audit_keys', column: 'sealed_key', primaryKey: ['id'], boundTo: [] },
  'action_credentials.secret': { table: 'action_credentials', column: 'secret', ...ROW_OF_ORG },
  'mail_domains.dkim_private_key': { table: 'mail_domains', column: 'dkim_private_key', ...ROW_OF_ORG },
  'integrations.credentials': { table: 'integrations', column: 'credentials', ...ROW_OF_ORG },
  'sip_inbound_trunks.auth_password': { table: 'sip_inbound_trunks', column: 'auth_password', ...ROW_OF_ORG },
  'sip_outbound_trunks.password': { table: 'sip_outbound_trunks', column: 'password', ...ROW_OF_ORG },
  'webhook_endpoints.secret': { table: 'webhook_endpoints', column: 'secret', ...ROW_OF_OWNER },
  'webhook_endpoints.previous_secret': { table: 'webhook_endpoints', column: 'previous_secret', ...ROW_OF_OWNER },
  'key_imports.pepper': { table: 'key_imports', column: 'pepper', primaryKey: ['id'], boundTo: ['org_id', 'id'] },
  'idempotency_records.answer': { table: 'idempotency_records', column: 'answer', primaryKey: ['id'], boundTo: [] },
} as const satisfies Record<string, ColumnPlace>;

type SealedColumn = keyof typeof SEALED_COLUMNS;

/** The column of a seal, and the values of the row that it is bound to. */
export type Purpose = SealedColumn | `${SealedColumn} ${string}`;

/** A sealed column, with the purpose of each row's seal. */
export interface SealedPlace extends ColumnPlace {
  purposeOf(row: Readonly<Record<string, unknown>>): Purpose;
}

export const SEALED_PLACES: readonly SealedPlace[] = Object.entries(SEALED_COLUMNS).map(
  ([name, place]: [string, ColumnPlace]) => ({
    ...place,
    purposeOf: (row) => [name, ...place.boundTo.map((column) => String(row[column]))].join(' ') as Purpose,
  }),
);
