/**
 * Tables with an org that a distributed database would keep in one place, and why: their statements need not name the org.
 * docs/scaling.md explains the rule.
 */
export const KEPT_IN_ONE_PLACE: Readonly<Record<string, string>> = {
  api_keys: 'A credential is found by its digest, before the org is known.',
  key_imports: 'As api_keys.',
  key_policies: 'Policies of the installation, partners and orgs are compared.',
  key_refusals: 'Pages of keys join them with api_keys.',
  key_scope_uses: 'As key_refusals.',
  key_usage: 'As key_refusals.',
  login_links: 'A link is found by its digest.',
  members: 'A session is found by its digest, and joined with the member and the role.',
  roles: 'As members.',
  webhook_deliveries: 'Endpoints of partners and of the operator receive events of many orgs.',
  webhook_endpoints: 'As webhook_deliveries.',
  whatsapp_numbers: 'A message arrives for a number, before the org is known.',
};

interface Exception {
  readonly table: string;
  /** Part of the statement. */
  readonly statement: string;
  readonly because: string;
}

/** Statements of requests on other tables that name no org. Prefer to name it. */
export const WITHOUT_ORG: readonly Exception[] = [
  { table: 'freed_storage', statement: 'WITH freed AS (DELETE', because: 'A job subtracts what all orgs have freed.' },
  { table: 'stored_files', statement: "state = 'released'", because: 'A job finds files of all orgs to remove.' },
  { table: 'stored_files', statement: 'DELETE FROM stored_files WHERE id = ANY', because: 'As above.' },
  {
    table: 'stored_files',
    statement: "SET state = 'kept'",
    because: 'The upload knows its id; the org is in the row.',
  },
  {
    table: 'stored_files',
    statement: "'sha256', encode(sha256, 'hex'))::text FROM stored_files WHERE id = $1",
    because: 'The id comes from a row that the reader may read, or from a public picture.',
  },
  {
    table: 'help_centers',
    statement: 'FROM help_centers WHERE',
    because: 'A visitor names the domain or the id only.',
  },
  { table: 'media', statement: 'FROM media WHERE id = $1', because: 'Public: the id is all that a visitor has.' },
  {
    table: 'request_log',
    statement: 'FROM request_log WHERE api_key_id = $2::uuid AND (SELECT true FROM api_keys',
    because: 'The index of a key finds its requests; the org is checked once, with the key.',
  },
  { table: 'request_log', statement: 'FROM request_log WHERE id >= $1::uuid', because: 'The operator reads all orgs.' },
  { table: 'request_log', statement: 'FROM request_log WHERE request_id = $2', because: 'As above.' },
];
