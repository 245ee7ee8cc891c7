import { uuidV7 } from '../../src/core/database/uuid-v7.js';
import type { DnsServer } from './dns-server.js';
import type { Client } from './start-app.js';
import { until } from './until.js';

export interface ShownDomain {
  readonly domain_name: string;
  readonly domain_status: string;
  readonly domain_records: { type: string; name: string; value: string; ttl: number; status: string }[];
}

export async function claimDomain(client: Client, domain_name: string): Promise<ShownDomain> {
  return (await client.put('/email/domains').send({ domain_name }).expect(200)).body as ShownDomain;
}

export async function readDomain(client: Client, name: string): Promise<ShownDomain> {
  const { body } = await client.get('/email/domains?limit=100').expect(200);
  return (body as { items: ShownDomain[] }).items.find(({ domain_name }) => domain_name === name)!;
}

/** Adds the records to the zone. */
export function publish({ texts }: DnsServer, { domain_records }: ShownDomain): void {
  for (const { name, value } of domain_records) texts.set(name, [...(texts.get(name) ?? []), value]);
}

export async function verifyDomain(client: Client, name: string): Promise<ShownDomain> {
  await client.patch(`/email/domains/${name}`).expect(200);
  await until('its status is requested', async () => (await readDomain(client, name)).domain_status !== 'pending');
  return readDomain(client, name);
}

/** Verifies a domain for the org. */
export async function ownDomain(client: Client, dns: DnsServer, name: string): Promise<void> {
  publish(dns, await claimDomain(client, name));
  await verifyDomain(client, name);
}

interface Queryable {
  query(text: string, values: unknown[]): Promise<unknown>;
}

/** For tests without a name server. */
export async function insertVerifiedDomain(database: Queryable, orgId: string, name: string): Promise<void> {
  await database.query(
    `INSERT INTO mail_domains (id, org_id, domain_name, domain_status, token, domain_records)
     VALUES ($1, $2, $3, 'verified', '', '[]')`,
    [uuidV7(), orgId, name],
  );
}
