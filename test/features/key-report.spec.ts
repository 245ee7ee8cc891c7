import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import { KEY_REPORTS, KeyReports } from '../../src/insight/key-report/key-reports.service.js';
import { Jobs } from '../../src/core/jobs/jobs.service.js';
import { KeyUses } from '../support/key-uses.js';
import { MailServer } from '../support/mail-server.js';
import { createKey, type Signed, signedInAs } from '../support/manage.js';
import { type TestOrg, TestServer } from '../support/start-app.js';
import { until } from '../support/until.js';

const FROM = 'gatehouse@operator.example';
const DASHBOARD = 'https://keys.example.com';
const DAY_MS = 86_400_000;

let mails: MailServer;
let server: TestServer;
let org: TestOrg;
let owner: Signed;
beforeAll(async () => {
  mails = await MailServer.start();
  server = await TestServer.start({ SMTP_URL: mails.url, MAIL_FROM: FROM, DASHBOARD_URL: DASHBOARD });
});
beforeEach(async () => {
  org = await server.newOrg();
  owner = server.signedIn(await server.newSession(org, `owner@${org.id}.example`));
});
// The job reports to every org that wants it.
afterEach(async () => {
  await setReport(false);
  mails.received.length = 0;
});
afterAll(async () => {
  await server.close();
  await mails.stop();
});

const setReport = (weekly_key_report: boolean) => owner.patch('/manage/v1/org').send({ weekly_key_report }).expect(200);
const run = () => server.app.get(KeyReports).run();
const recipients = async () => {
  const sql = 'SELECT to_email FROM mail_messages WHERE org_id = $1 AND is_from_server ORDER BY id';
  return (await server.database.pool.query<{ to_email: string }>(sql, [org.id])).rows.map((mail) => mail.to_email);
};
const textOf = (raw: string) => raw.replaceAll('=\r\n', '').replaceAll('=3D', '=');

it('is off by default, and an Owner or Admin turns it on with an entry in the audit', async () => {
  await createKey(owner);
  expect((await owner.get('/manage/v1/org').expect(200)).body.weekly_key_report).toBe(false);
  await run();
  expect(await recipients()).toEqual([]);
  expect((await setReport(true)).body.weekly_key_report).toBe(true);
  const { items } = (await owner.get('/manage/v1/audit?action=org.updated').expect(200)).body;
  expect(items[0].changes).toEqual({ weekly_key_report: { before: false, after: true } });
  const member = await signedInAs(server, org, 'Member');
  await member.patch('/manage/v1/org').send({ weekly_key_report: false }).expect(403);
});

it('reaches each Owner from the server itself, in text and HTML, with links to the keys', async () => {
  const other = `other@${org.id}.example`;
  const { body: roles } = await owner.get('/manage/v1/roles').expect(200);
  const role_id = roles.items.find(({ name }: { name: string }) => name === 'Owner').id;
  await owner.post('/manage/v1/members').send({ email: other, role_id }).expect(201);
  await signedInAs(server, org, 'Admin');
  const uses = new KeyUses(server);
  const denied = await createKey(owner, { name: 'Booking <website>', access: 'full' });
  await uses.add(denied.id, { requests: 200, refused: 150 });
  await createKey(owner, { name: 'Kiosk', expires_at: new Date(Date.now() + 5 * DAY_MS).toISOString() });
  await setReport(true);

  await server.app.get(Jobs).enqueueScheduled(server.database.dataSource.manager, KEY_REPORTS);
  await until('both mails have arrived', () => mails.received.length === 2);
  expect(mails.recipients.toSorted()).toEqual([other, `owner@${org.id}.example`].toSorted());
  const [{ from, headers, raw }] = mails.received as [(typeof mails.received)[0]];
  expect(from).toBe(FROM);
  expect(headers).toMatchObject({
    from: `Gatehouse <${FROM}>`,
    subject: 'API keys of Acme Tours: 1 key is mostly denied, and 1 more',
    'content-type': expect.stringContaining('multipart/alternative'),
  });
  const text = textOf(raw);
  expect(text).toContain('2 active keys made 200 requests in the last 7 days. 150 requests (75%) denied.');
  expect(text).toContain(
    `1 key is mostly denied: <a href="${DASHBOARD}/dashboard/keys/${denied.id}">Booking &#60;website&#62;</a>`,
  );
  expect(text).toContain('1 key expires within two weeks');
  expect(text).toContain(`${DASHBOARD}/dashboard/settings`);
  // The org's own list of mail shows what the org sent.
  const client = await server.newClient(org);
  expect((await client.get('/email/messages').expect(200)).body.items).toEqual([]);
});

it('is sent once a week, whatever number of processes and restarts', async () => {
  await createKey(owner);
  await setReport(true);
  await Promise.all([run(), run(), run()]);
  await run();
  expect(await recipients()).toEqual([`owner@${org.id}.example`]);
  await server.owner.query(`UPDATE orgs SET key_report_week = key_report_week - 7 WHERE id = $1`, [org.id]);
  await run();
  expect(await recipients()).toHaveLength(2);
});

it('is not sent for an org without active keys', async () => {
  const { id } = await createKey(owner);
  await owner.post(`/manage/v1/api-keys/${id}/revoke`).expect(200);
  await setReport(true);
  await run();
  expect(await recipients()).toEqual([]);
});
