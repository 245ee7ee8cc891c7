import { beforeEach, expect, it } from 'vitest';
import type { RequestSummary } from '../../src/insight/request-log/request-view.dto.js';
import { createKey, type Signed, signedInAs } from '../support/manage.js';
import { type TestOrg, TestServer } from '../support/start-app.js';

const SUMMARY = '/manage/v1/requests/summary';
const DAY_MS = 86_400_000;

// Usage is counted whether or not requests are logged.
const server = TestServer.forSuite({ REQUEST_LOG: 'off' });
let org: TestOrg;
let admin: Signed;
beforeEach(async () => {
  org = await server.newOrg();
  admin = await signedInAs(server, org, 'Admin');
});

async function summary(query = ''): Promise<RequestSummary> {
  return (await admin.get(`${SUMMARY}${query}`).expect(200)).body as RequestSummary;
}

/** A key with one allowed request and so many denied ones. */
async function usedKey(denied: number): Promise<{ id: string; api_key: string }> {
  const key = await createKey(admin, { scopes: ['contacts:read'] });
  await server.as(key.api_key).get('/contacts').expect(200);
  for (let times = 0; times < denied; times++) await server.as(key.api_key).get('/tags').expect(403);
  return key;
}

it('counts allowed and denied requests of the org by reason, the most frequent first', async () => {
  const { id, api_key } = await usedKey(2);
  await admin.post(`/manage/v1/api-keys/${id}/revoke`).expect(200);
  await server.as(api_key).get('/contacts').expect(401);
  const stranger = await server.newClient();
  await stranger.get('/contacts').expect(200);

  const { buckets, ...counts } = await summary();
  expect(counts).toEqual({
    bucket_seconds: 3_600,
    allowed: 1,
    denied: 3,
    by_reason: [
      { reason: 'scope_missing', requests: 2 },
      { reason: 'key_revoked', requests: 1 },
    ],
  });
  expect(buckets.reduce((sum, { allowed }) => sum + allowed, 0)).toBe(1);
  expect(buckets.map(({ start }) => Date.parse(start) % 3_600_000).some(Boolean)).toBe(false);
});

it('counts refusals of hours without reasons as unknown', async () => {
  const { id } = await usedKey(2);
  await summary();
  await server.database.query('UPDATE key_usage SET refused = refused + 5, requests = requests + 5 WHERE key_id = $1', [
    id,
  ]);
  expect(await summary()).toMatchObject({
    allowed: 1,
    by_reason: [
      { reason: 'unknown', requests: 5 },
      { reason: 'scope_missing', requests: 2 },
    ],
  });
});

it('counts one key', async () => {
  const [, other] = [await usedKey(1), await usedKey(3)];
  expect(await summary(`?api_key_id=${other.id}`)).toMatchObject({ allowed: 1, denied: 3 });
  expect(await summary()).toMatchObject({ allowed: 2, denied: 4 });
});

it('has a bucket for each day of a longer period, with those of no requests', async () => {
  await usedKey(0);
  const from = new Date(Date.now() - 29 * DAY_MS).toISOString();
  const { bucket_seconds, buckets, allowed } = await summary(`?from=${from}`);
  expect({ bucket_seconds, allowed, days: buckets.length }).toEqual({ bucket_seconds: 86_400, allowed: 1, days: 30 });
});

it.each([
  ['?from=2026-02-02&to=2026-02-01', 'to'],
  ['?from=2020-01-01', 'from'],
  ['?from=yesterday', 'from'],
])('refuses the period %s', async (query, field) => {
  const { body } = await admin.get(`${SUMMARY}${query}`).expect(400);
  expect(body).toMatchObject({ errors: [{ field }] });
});
