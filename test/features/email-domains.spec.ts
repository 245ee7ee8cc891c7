import { afterAll, beforeAll, expect, it } from 'vitest';
import { DOMAIN_VERIFICATION } from '../../src/kit/mailer/mail-domains.service.js';
import { DnsServer } from '../support/dns-server.js';
import { changeJob } from '../support/job-settings.js';
import { claimDomain, insertVerifiedDomain, publish, readDomain, verifyDomain } from '../support/sender-domains.js';
import { type Client, TestServer } from '../support/start-app.js';
import { until } from '../support/until.js';

// Shorten the back-off.
changeJob(DOMAIN_VERIFICATION, { retries: 1, retryAfterSeconds: 1 });

let dns: DnsServer;
let server: TestServer;
let client: Client;
let neighbour: Client;
beforeAll(async () => {
  dns = await DnsServer.start();
  server = await TestServer.start({ DNS_SERVERS: dns.address, SPF_INCLUDE: '_spf.mail.example' });
  [client, neighbour] = [await server.newClient(), await server.newClient()];
});
afterAll(async () => {
  await server.close();
  await dns.stop();
});

it('a domain is claimed once, with the DNS records that prove ownership', async () => {
  const claimed = await claimDomain(client, 'Acme.Example');
  const record = (name: unknown, value: unknown) => ({ type: 'TXT', name, value, ttl: 3_600, status: 'pending' });
  expect(claimed).toEqual({
    domain_name: 'acme.example',
    domain_status: 'pending',
    domain_records: [
      record('_gatehouse.acme.example', expect.stringMatching(/^gatehouse-domain-verification=[0-9a-f]{48}$/)),
      record('acme.example', 'v=spf1 include:_spf.mail.example ~all'),
      record(
        expect.stringMatching(/^gatehouse-[0-9a-f]{12}\._domainkey\.acme\.example$/),
        expect.stringMatching(/^v=DKIM1; k=rsa; p=[A-Za-z0-9+/]{390,}=*$/),
      ),
    ],
    created_at: expect.any(String),
    updated_at: expect.any(String),
  });
  expect(await claimDomain(client, 'acme.example')).toEqual(claimed);
  expect((await claimDomain(neighbour, 'acme.example')).domain_records).not.toEqual(claimed.domain_records);
  expect((await claimDomain(client, 'Bücher.example')).domain_name).toBe('xn--bcher-kva.example');
  for (const domain_name of ['', 'localhost', 'a b.example', 'acme.example..', 'x@acme.example', '127.0.0.1', null]) {
    await client.put('/email/domains').send({ domain_name }).expect(400);
  }
});

it('only the org whose records are in the zone verifies the domain', async () => {
  const claimed = await claimDomain(client, 'proved.example');
  await claimDomain(neighbour, 'proved.example');
  const statuses = async (of: Client) => {
    const { domain_status, domain_records } = await verifyDomain(of, 'proved.example');
    return [domain_status, ...domain_records.map(({ status }) => status)];
  };
  expect(await statuses(client)).toEqual(['failed', 'failed', 'failed', 'failed']);
  dns.texts.set('proved.example', ['some-other-service=1', 'v=spf1 mx include:_spf.mail.example -all']);
  expect(await statuses(client)).toEqual(['failed', 'failed', 'verified', 'failed']);
  const [ownership, , dkim] = claimed.domain_records;
  dns.texts.set(ownership!.name, ['gatehouse-domain-verification=of-another', ownership!.value]);
  expect(await statuses(client)).toEqual(['failed', 'verified', 'verified', 'failed']);
  dns.texts.set(dkim!.name, [dkim!.value]);
  expect(await statuses(client)).toEqual(['verified', 'verified', 'verified', 'verified']);
  expect(await statuses(neighbour)).toEqual(['failed', 'failed', 'verified', 'failed']);
  dns.texts.set('proved.example', ['v=spf1 include:_spf.mail.example ~all', 'v=spf1 -all']);
  await client.patch('/email/domains/proved.example').expect(200);
  const status = async () => (await readDomain(client, 'proved.example')).domain_status;
  await until('the change is found', async () => (await status()) === 'failed');
});

it('a domain from before there were keys keeps its status, and a claim adds its key', async () => {
  const org = await server.newOrg();
  const early = await server.newClient(org);
  await insertVerifiedDomain(server.database.pool, org.id, 'early.example');
  const claimed = await claimDomain(early, 'early.example');
  expect(claimed).toMatchObject({ domain_status: 'verified' });
  expect(claimed.domain_records).toMatchObject([{ value: expect.stringMatching(/^v=DKIM1/), status: 'pending' }]);
  expect(await claimDomain(early, 'early.example')).toEqual(claimed);
});

it('the private key is encrypted at rest', async () => {
  await claimDomain(client, 'sealed.example');
  const sql = `SELECT dkim_private_key FROM mail_domains WHERE domain_name = 'sealed.example'`;
  const { rows } = await server.database.pool.query<{ dkim_private_key: Buffer }>(sql);
  expect(rows[0]!.dkim_private_key.toString('latin1')).toMatch(/^GHS/);
  expect(rows[0]!.dkim_private_key.toString('latin1')).not.toContain('PRIVATE KEY');
});

it('a DNS failure is retried, and then fails the verification', async () => {
  publish(dns, await claimDomain(client, 'silent.example'));
  publish(dns, await claimDomain(client, 'known.example'));
  expect((await verifyDomain(client, 'known.example')).domain_status).toBe('verified');
  await dns.stop();
  await client.patch('/email/domains/known.example').expect(200);
  await client.patch('/email/domains/silent.example').expect(200);
  const read = () => readDomain(client, 'silent.example');
  await until('it has failed for good', async () => (await read()).domain_status === 'failed');
  expect((await read()).domain_records.map(({ status }) => status)).toEqual(['pending', 'pending', 'pending']);
  const given = `SELECT count(*)::int FROM pgboss.job WHERE name = $1 AND state = 'failed'`;
  await until('both are', async () => {
    return (await server.database.pool.query(given, [DOMAIN_VERIFICATION.name])).rows[0].count === 2;
  });
  expect((await readDomain(client, 'known.example')).domain_status).toBe('verified');
  await dns.start();
  expect((await verifyDomain(client, 'silent.example')).domain_status).toBe('verified');
});

it('a deleted domain and a domain of another org are 404', async () => {
  await claimDomain(client, 'short.example');
  for (const name of ['short.example', 'never.example', 'no%20domain']) {
    await neighbour.patch(`/email/domains/${name}`).expect(404);
    await neighbour.delete(`/email/domains/${name}`).expect(404);
  }
  await client.delete('/email/domains/SHORT.example').expect(204);
  await client.delete('/email/domains/short.example').expect(404);
  expect(await readDomain(client, 'short.example')).toBeUndefined();
});
