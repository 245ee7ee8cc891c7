import { expect, it } from 'vitest';
import { storeUsage } from '../../src/programs/demo/store-usage.js';
import { createKey, signedInAs } from '../support/manage.js';
import { TestServer } from '../support/start-app.js';

const server = TestServer.forSuite();

it('the usage of the demo has reasons, scopes to remove, and last calls', async () => {
  const org = await server.newOrg();
  const admin = await signedInAs(server, org, 'Admin');
  const scopes = ['contacts:read', 'contacts:write', 'leads:read'];
  const [scoped, full] = [await createKey(admin, { scopes }), await createKey(admin, { access: 'full' })];
  const habit = { requestsPerDay: 2_000, rhythm: 'always', refusedShare: 0.1 } as const;
  await storeUsage(server.database, org.id, new Map([scoped, full].map(({ id }) => [id, habit])));

  const path = (id: string, what: string) => `/manage/v1/api-keys/${id}/${what}`;
  const { body: use } = await admin.get(path(scoped.id, 'scopes')).expect(200);
  expect(use).toMatchObject({ removable: ['leads:read'], sufficient: ['contacts:read', 'contacts:write'] });
  const { body: wide } = await admin.get(path(full.id, 'scopes')).expect(200);
  expect(wide).toMatchObject({ access: 'full', sufficient: ['chat-sessions:read', 'contacts:read'] });
  const { body: credentials } = await admin.get(path(full.id, 'credentials')).expect(200);
  expect(credentials.items).toMatchObject([{ is_current: true, last_used: { route: '/contacts' } }]);

  const { rows } = await server.database.pool.query<{ refused: number; by_reason: number; reasons: number }>(
    `SELECT (SELECT sum(refused) FROM key_usage WHERE org_id = $1)::int AS refused,
       sum(requests)::int AS by_reason, count(DISTINCT reason)::int AS reasons
     FROM key_refusals WHERE org_id = $1`,
    [org.id],
  );
  expect(rows).toEqual([{ refused: rows[0]!.by_reason, by_reason: expect.any(Number), reasons: 2 }]);
});
