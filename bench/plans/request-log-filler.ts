import pg from 'pg';

/** The org that the lists are asked for, and its busiest key. */
export interface Asked {
  readonly orgId: string;
  readonly partnerId: string;
  readonly keyId: string;
}

export const DAYS = 30;
/** One of so many requests is of the asked org; the others are of `OTHER_ORGS`. */
const SHARE = 5;
const OTHER_ORGS = 10_000;
/** Of each rare value, so many requests a day are in the asked org, among all its others. */
export const RARE_A_DAY = 2;
const WORKERS = 3;
const DAY_MS = 86_400_000;

/** Values that few requests of the asked org have. */
export const RARE = {
  api_key_id: '00000000-0000-7000-8000-0000000000aa',
  credential_id: '00000000-0000-7000-8000-0000000000cc',
  client_address: '198.51.100.200',
  reason: 'origin_not_allowed',
  route: '/rare/{id}',
  service: 'rare',
  status: '409',
  method: 'DELETE',
} as const;

const sqlId = (kind: string, number: string) =>
  `('00000000-0000-7000-${kind}-' || lpad(to_hex(${number}), 12, '0'))::uuid`;

/**
 * One day of requests. Every fifth is of the asked org. A tenth is denied, a hundredth fails. Ids increase with the time,
 * as in a real log.
 */
function daySql(partition: string, startMs: number, rows: number, { orgId, partnerId, keyId }: Asked): string {
  const ms = `(${startMs} + n * ${DAY_MS}::bigint / ${rows})`;
  const rareEvery = Math.max(SHARE, Math.floor(rows / RARE_A_DAY / SHARE) * SHARE);
  return `
    INSERT INTO "${partition}" (id, at, request_id, method, route, service, status, outcome, code, guard, reason, message,
      api_key_id, credential_id, org_id, partner_id, client_address, country, user_agent, duration_ms, weight)
    SELECT (lpad(to_hex(${ms}), 12, '0') || '7' || lpad(to_hex(n % 4096), 3, '0') || '8' || lpad(to_hex(n), 15, '0'))::uuid,
      to_timestamp(${ms} / 1000.0), to_hex(${startMs / 1000} + n),
      CASE WHEN is_rare THEN '${RARE.method}' WHEN n % 3 = 0 THEN 'POST' ELSE 'GET' END,
      CASE WHEN is_rare THEN '${RARE.route}' ELSE '/route-' || hash % 40 || '/{id}' END,
      CASE WHEN is_rare THEN '${RARE.service}' WHEN hash % 10 = 0 THEN 'bookings' END,
      CASE WHEN is_rare THEN 409 WHEN is_denied THEN (ARRAY[401, 403, 429])[1 + hash % 3] WHEN hash % 100 = 1 THEN 503 ELSE 200 END,
      CASE WHEN is_rare THEN 'client_error' WHEN is_denied THEN 'denied' WHEN hash % 100 = 1 THEN 'server_error' ELSE 'allowed' END,
      CASE WHEN is_denied THEN 'scope_missing' END, CASE WHEN is_denied OR is_rare THEN 'Scope' END,
      CASE WHEN is_rare THEN '${RARE.reason}' WHEN is_denied THEN (ARRAY['scope_missing', 'rate_limited'])[1 + hash % 2] END, NULL,
      CASE WHEN is_rare THEN '${RARE.api_key_id}' WHEN is_asked AND hash % 2 = 0 THEN '${keyId}'::uuid ELSE ${sqlId('8001', 'org * 10 + hash % 10')} END,
      CASE WHEN is_rare THEN '${RARE.credential_id}' ELSE ${sqlId('8002', 'org * 10 + hash % 10')} END,
      CASE WHEN is_asked THEN '${orgId}'::uuid ELSE ${sqlId('8000', 'org')} END,
      CASE WHEN is_asked THEN '${partnerId}'::uuid ELSE ${sqlId('8003', 'org % 50')} END,
      CASE WHEN is_rare THEN '${RARE.client_address}'::inet ELSE '10.0.0.0'::inet + hash % 5000 END,
      NULL, 'curl/8.10', 1.5, 1
    FROM (
      SELECT n, n % ${SHARE} = 0 AS is_asked, n % ${rareEvery} = 0 AS is_rare, abs(hashint4(n)) AS hash,
        abs(hashint4(n)) % 10 = 7 AS is_denied, CASE n % ${SHARE} WHEN 0 THEN 0 ELSE 1 + abs(hashint4(n)) / 7 % ${OTHER_ORGS} END AS org
      FROM generate_series(0, ${rows - 1}) n
    ) request`;
}

/** Fills days of the log, the newest first. Indexes are built after the rows, which is faster. */
export async function fillRequestLog(
  url: string,
  rows: number,
  asked: Asked,
  log: (line: string) => void,
): Promise<void> {
  const today = Math.floor(Date.now() / DAY_MS);
  const days = Array.from({ length: DAYS }, (_, age) => today - 1 - age);
  let filled = 0;
  const work = async () => {
    const client = new pg.Client({ connectionString: url });
    await client.connect();
    try {
      await client.query(`SET synchronous_commit = off; SET maintenance_work_mem = '256MB';
        SET max_parallel_maintenance_workers = 0`);
      for (let day = days.shift(); day !== undefined; day = days.shift()) {
        const [name, next] = [day, day + 1].map((each) => new Date(each * DAY_MS).toISOString().slice(0, 10));
        const partition = `request_log_${name!.replaceAll('-', '')}`;
        await client.query(`DROP TABLE IF EXISTS "${partition}"`);
        await client.query(`CREATE UNLOGGED TABLE "${partition}" (LIKE request_log INCLUDING DEFAULTS)`);
        await client.query(daySql(partition, day * DAY_MS, Math.round(rows / DAYS), asked));
        await indexLikeLog(client, partition);
        await client.query(`ALTER TABLE request_log ATTACH PARTITION "${partition}"
          FOR VALUES FROM (request_log_start_of('${name}')) TO (request_log_start_of('${next}'))`);
        await client.query(`VACUUM ANALYZE "${partition}"`);
        filled += 1;
        log(`filled ${filled} of ${DAYS} days of the request log`);
      }
    } finally {
      await client.end();
    }
  };
  await Promise.all(Array.from({ length: WORKERS }, work));
}

/** Builds the indexes of the log, of which ATTACH would let only one partition at a time build any. */
async function indexLikeLog(client: pg.Client, partition: string): Promise<void> {
  await client.query(`ALTER TABLE "${partition}" ADD PRIMARY KEY (id)`);
  const { rows } = await client.query<{ name: string; definition: string }>(`
    SELECT relname AS name, pg_get_indexdef(indexrelid) AS definition FROM pg_index JOIN pg_class ON pg_class.oid = indexrelid
    WHERE indrelid = 'request_log'::regclass AND NOT indisprimary`);
  for (const { name, definition } of rows) {
    const onPartition = `INDEX "${partition}_${name.replace('request_log_', '')}" ON "${partition}"`;
    await client.query(definition.replace(/INDEX \S+ ON ONLY \S+/, onPartition));
  }
}
