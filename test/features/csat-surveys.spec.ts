import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { Conversations } from '../support/conversations.js';
import { DnsServer } from '../support/dns-server.js';
import { MailServer } from '../support/mail-server.js';
import { ownDomain } from '../support/sender-domains.js';
import { PUBLIC_URL, TestServer } from '../support/start-app.js';
import { until } from '../support/until.js';

let server: TestServer;
let mails: MailServer;
let dns: DnsServer;
let here: Conversations;
let orgs = 0;
beforeAll(async () => {
  mails = await MailServer.start();
  dns = await DnsServer.start();
  server = await TestServer.start({ SMTP_URL: mails.url, DNS_SERVERS: dns.address });
});
afterAll(async () => {
  await server.close();
  await Promise.all([mails.stop(), dns.stop()]);
});
beforeEach(async () => {
  here = await Conversations.of(server);
  mails.received.length = 0;
});

const set = (fields: object = {}) =>
  here.client
    .put('/csat/settings')
    .send({ auto_send: true, delay_minutes: 0, channels: { web: true, email: true, sms: false }, ...fields })
    .expect(200);
const requests = async (id: string) =>
  (await here.history(id)).filter(({ event }) => event.type === 'csat_requested').map(({ event }) => event);
const surveyed = (id: string, times = 1) =>
  until('the survey is requested', async () => (await requests(id)).length === times);
const linkOf = async (id: string) => {
  const { survey_url } = (await requests(id))[0]!.context as { survey_url: string };
  expect(survey_url.startsWith(PUBLIC_URL)).toBe(true);
  return survey_url.slice(PUBLIC_URL.length);
};
const scheduled = async (sessionId: string) => {
  const sql = `SELECT start_after, state FROM pgboss.job WHERE name = 'csat-survey' AND data->>'sessionId' = $1`;
  return (await server.database.pool.query<{ start_after: Date; state: string }>(sql, [sessionId])).rows;
};
const closedWeb = async () => {
  const id = await here.start({ channel: { type: 'web' } });
  await here.setStatus(id, 'closed_resolved');
  return id;
};

it('a survey is mailed to the contact of a closed e-mail session, once, and its page stores the score', async () => {
  const domain = `acme${++orgs}.example`;
  await ownDomain(here.client, dns, domain);
  await set();
  const { body } = await here.client.post('/contacts').send({ contact: { email: 'zoe@guests.example' } });
  const { id: contact_id } = body as { id: string };
  const id = await here.start({ contact_id, channel: { type: 'email', address: `help@${domain}` } });
  await here.setStatus(id, 'closed_resolved');
  await until('the survey is mailed', () => mails.received.length === 1);
  const link = await linkOf(id);
  expect(mails.received[0]).toMatchObject({ from: `help@${domain}`, to: 'zoe@guests.example' });
  expect(mails.received[0]!.raw.replaceAll('=\r\n', '')).toContain(`/surveys/${here.org.id}/${id}`);
  expect(await here.read(id)).toMatchObject({ status: 'closed_resolved' });

  const page = await server.http.get(link).expect(200);
  expect(page.headers['content-security-policy']).toContain("form-action 'self'");
  const actions = [...page.text.matchAll(/action="([^"]+)"/g)].map(([, action]) => action!.replaceAll('&#38;', '&'));
  expect(actions).toHaveLength(5);
  const post = new URL(actions[3]!, PUBLIC_URL + link);
  const type = 'application/x-www-form-urlencoded';
  await server.http
    .post(post.pathname + post.search)
    .set('Content-Type', type)
    .expect(200);
  expect((await here.client.get(`/csat/scores/session/${id}`).expect(200)).body).toMatchObject({ score: 4 });
});

it('a survey follows the setting of its channel, and is requested once per closing', async () => {
  await set();
  const sms = await here.start({ channel: { type: 'sms' } });
  await here.setStatus(sms, 'closed_resolved');
  expect(await scheduled(sms)).toEqual([]);
  const id = await closedWeb();
  await surveyed(id);
  expect((await requests(id))[0]).toMatchObject({ content: { text: expect.stringContaining(await linkOf(id)) } });
  await here.setStatus(id, 'closed_unresolved');
  await here.setStatus(id, 'open');
  await here.setStatus(id, 'closed_resolved');
  await surveyed(id, 2);
  await set({ auto_send: false });
  expect(await scheduled(await closedWeb())).toEqual([]);
});

it('a survey waits for the delay, and is not sent for a session that was scored or reopened since', async () => {
  await set({ delay_minutes: 15 });
  const [reopened, scored, waiting] = [await closedWeb(), await closedWeb(), await closedWeb()];
  const { closed_at } = await here.read(waiting);
  const [{ start_after }] = (await scheduled(waiting)) as [{ start_after: Date; state: string }];
  expect(start_after.getTime() - Date.parse(closed_at as string)).toBe(15 * 60_000);
  await here.setStatus(reopened, 'open');
  await here.client.post('/csat/scores').send({ session_id: scored, score: 5 }).expect(201);
  await server.database.pool.query(`UPDATE pgboss.job SET start_after = now() WHERE name = 'csat-survey'`);
  await surveyed(waiting);
  await until('the jobs are done', async () => {
    const jobs = [...(await scheduled(reopened)), ...(await scheduled(scored))];
    return jobs.every(({ state }) => state === 'completed');
  });
  expect([await requests(reopened), await requests(scored)]).toEqual([[], []]);
});

it('a survey link works only with its signature, and while the session is closed', async () => {
  await set();
  const id = await closedWeb();
  await surveyed(id);
  const link = await linkOf(id);
  const [path, query] = link.split('?') as [string, string];
  await server.http.get(path).expect(410);
  await server.http.get(`${path}?${query.replace(/.$/, 'x')}y`).expect(410);
  await server.http.post(`${path}/6?${query}`).expect(410);
  const other = await closedWeb();
  await server.http.post(`/surveys/${here.org.id}/${other}/5?${query}`).expect(410);
  await here.setStatus(id, 'open');
  await server.http.post(`${path}/5?${query}`).expect(410);
  expect((await here.client.get(`/csat/scores/session/${id}`).expect(200)).body).toBeNull();
});
