import { afterAll, beforeAll, expect, it } from 'vitest';
import { DnsServer } from '../support/dns-server.js';
import { MailServer, type ReceivedMail } from '../support/mail-server.js';
import { ownDomain } from '../support/sender-domains.js';
import { type Client, TestServer } from '../support/start-app.js';
import { judge } from '../support/strict-receiver.js';
import { until } from '../support/until.js';

const FROM = 'hello@acme.example';
const PUBLIC_URL = 'https://mail.acme.example';
const AUTHENTIC = { spf: 'pass', dkim: 'pass', dmarc: 'pass' };

let mails: MailServer;
let dns: DnsServer;
let server: TestServer;
let client: Client;
beforeAll(async () => {
  mails = await MailServer.start();
  dns = await DnsServer.start();
  const settings = { SMTP_URL: mails.url, DNS_SERVERS: dns.address, SPF_INCLUDE: '_spf.mail.example', PUBLIC_URL };
  server = await TestServer.start(settings);
  client = await server.newClient();
  dns.texts.set('_spf.mail.example', ['v=spf1 ip4:127.0.0.1 -all']);
  dns.texts.set('_dmarc.acme.example', ['v=DMARC1; p=reject; adkim=s; aspf=s']);
  await ownDomain(client, dns, 'acme.example');
  // A receiver that refuses what isn't authentic.
  mails.beforeTaking = async (mail) => {
    const { oneClick: _, ...verdict } = await judge(mail, dns);
    const problem = Object.entries(verdict).find(([, result]) => result !== 'pass');
    if (problem) throw Object.assign(new Error(`5.7.26 ${problem.join(' ')}`), { responseCode: 550 });
  };
});
afterAll(async () => {
  await server.close();
  await mails.stop();
  await dns.stop();
});

const send = (to_email: string, fields: object = {}) =>
  client
    .post('/email')
    .send({
      from_email: FROM,
      fallback_email_sender_name: 'Acme – Reisen',
      fallback_email_subject: 'Größe und Länge: {{contact.name | default: "für dich"}}',
      fallback_email_body: `<p>${'Ä long line. '.repeat(200)}</p>\n.\n<a href="{{unsubscribe_url}}">Unsubscribe</a>`,
      recipients: [{ to_email, ...fields }],
    })
    .expect(202);

async function received(to: string): Promise<ReceivedMail> {
  await until(`mail to ${to} has arrived`, () => mails.recipients.includes(to));
  return mails.received.find((mail) => mail.to === to)!;
}

it('a strict receiver accepts bulk mail, and its one click unsubscribes', async () => {
  await send('one@guests.example');
  const { oneClick, ...verdict } = await judge(await received('one@guests.example'), dns);
  expect(verdict).toEqual(AUTHENTIC);
  expect(oneClick).toMatch(/^https:\/\/mail\.acme\.example\/unsubscribe\//);
  const answer = await fetch(server.url + oneClick!.slice(PUBLIC_URL.length), {
    method: 'POST',
    headers: { 'Content-Type': 'application/x-www-form-urlencoded' },
    body: 'List-Unsubscribe=One-Click',
  });
  expect(answer.status).toBe(200);
  const { body } = await send('one@guests.example');
  expect(body).toMatchObject({ queued: 0, skipped_unsubscribed: 1 });
});

it('a strict receiver accepts transactional mail, which has no link to unsubscribe', async () => {
  await send('receipt@guests.example', { email_is_transactional: true, email_body: '<p>Thank you.</p>' });
  const mail = await received('receipt@guests.example');
  expect(await judge(mail, dns)).toEqual({ ...AUTHENTIC, oneClick: undefined });
  expect(Object.keys(mail.headers)).not.toContain('list-unsubscribe');
});

it('the receiver is strict: a changed body, sender or link is found', async () => {
  await send('exact@guests.example');
  const mail = await received('exact@guests.example');
  const changed = async (from: string | RegExp, to: string) => judge({ ...mail, raw: mail.raw.replace(from, to) }, dns);
  expect(await changed('long', 'short')).toMatchObject({ dkim: expect.not.stringMatching('pass') });
  expect(await changed('hello@acme.example', 'boss@acme.example')).toMatchObject({ dkim: 'fail' });
  expect(await changed('One-Click', 'No-Click')).toMatchObject({ dkim: 'fail' });
  expect(await changed(/^List-Unsubscribe:[^]*?\r\n(?=\S)/m, '')).toMatchObject({ dkim: 'fail' });
  expect(await judge({ ...mail, from: 'hello@other.example' }, dns)).toMatchObject({ spf: 'none' });
});

it('without its DKIM record a verified domain stays verified, and its mail is not signed', async () => {
  const [, , dkim] = (await client.get('/email/domains').expect(200)).body.items[0].domain_records as {
    name: string;
  }[];
  const texts = dns.texts.get(dkim!.name)!;
  dns.texts.delete(dkim!.name);
  await client.patch('/email/domains/acme.example').expect(200);
  const statuses = async () => {
    const [domain] = (await client.get('/email/domains').expect(200)).body.items as {
      domain_status: string;
      domain_records: { status: string }[];
    }[];
    return [domain!.domain_status, ...domain!.domain_records.map(({ status }) => status)];
  };
  await until('it is looked up', async () => (await statuses())[3] === 'failed');
  expect(await statuses()).toEqual(['verified', 'verified', 'verified', 'failed']);
  await send('unsigned@guests.example');
  const reason = 'SELECT reason FROM mail_messages WHERE to_email = $1 AND ended_at IS NOT NULL';
  const ended = async () => (await server.database.pool.query(reason, ['unsigned@guests.example'])).rows;
  await until('it is refused', async () => (await ended()).length === 1);
  expect(await ended()).toEqual([{ reason: '550 5.7.26 dkim none' }]);
  dns.texts.set(dkim!.name, texts);
});
