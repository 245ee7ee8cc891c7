import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { HttpClient } from '../support/http-client.js';
import { Installation } from '../support/installation.js';
import { MailServer } from '../support/mail-server.js';
import { insertVerifiedDomain } from '../support/sender-domains.js';
import type { ServerProcess } from '../support/server-process.js';
import { until } from '../support/until.js';

const RECIPIENTS = 120;
/** Long enough for the process to be killed while mail is being sent. */
const TAKES_MS = 20;

let installation: Installation;
let mails: MailServer;
/** The number of messages that the mail server is accepting. */
let underWay = 0;
beforeAll(async () => {
  installation = await Installation.create();
  mails = await MailServer.start();
  mails.beforeTaking = async () => {
    underWay++;
    await sleep(TAKES_MS);
    underWay--;
  };
});
afterEach(() => {
  mails.received.length = 0;
});
afterAll(async () => {
  await mails.stop();
  await installation.close();
});

const startServer = () => installation.startServer({ SMTP_URL: mails.url });

/** Creates a key of an org with a verified domain, which is inserted into the table. */
async function newSender(server: ServerProcess): Promise<{ orgId: string; client: HttpClient }> {
  const orgId = await installation.newOrg(server);
  await insertVerifiedDomain(installation.database, orgId, 'acme.example');
  return { orgId, client: new HttpClient((await installation.newKey(server, orgId)).key) };
}

async function ask(
  { client }: { client: HttpClient },
  { url }: ServerProcess,
  method: string,
  path: string,
  body = {},
) {
  const answer = await client.ask(url, { method, path, body });
  expect(answer.status).toBeLessThan(300);
  return JSON.parse(answer.body) as Record<string, unknown>;
}

/** Kills the process after a third of the messages, and starts another. */
async function killInTheMiddle(server: ServerProcess): Promise<ServerProcess> {
  await until('a good part has been sent', () => mails.received.length > RECIPIENTS / 3);
  await server.kill();
  expect(mails.received.length).toBeLessThan(RECIPIENTS);
  return startServer();
}

/** Asserts that all messages arrive. The one in flight at the crash may arrive twice, with the same Message-ID. */
async function expectAllOnce(orgId: string, wanted: readonly string[]): Promise<void> {
  const left = `SELECT count(*)::int FROM mail_messages WHERE org_id = $1 AND status <> 'sent'`;
  const count = async () => (await installation.database.query(left, [orgId])).rows[0].count as number;
  const isDone = async () => new Set(mails.recipients).size === wanted.length && (await count()) === 0;
  await until('all are sent', isDone, { everyMs: 100 });
  await until('the mail server is done', () => underWay === 0);
  expect([...new Set(mails.recipients)].sort()).toEqual([...wanted].sort());
  expect(mails.received.length - wanted.length).toBeLessThanOrEqual(1);
  const ids = new Set(mails.received.map(({ headers }) => headers['message-id']));
  expect(ids.size).toBe(wanted.length);
}

const addresses = Array.from({ length: RECIPIENTS }, (_, index) => `guest-${index}@guests.example`);

test('mail to many recipients arrives after kill -9', async () => {
  const first = await startServer();
  const sender = await newSender(first);
  const answer = await ask(sender, first, 'POST', '/email', {
    from_email: 'hello@acme.example',
    recipients: addresses.map((to_email) => ({ to_email })),
    fallback_email_subject: 'Hello',
    fallback_email_sender_name: 'Acme',
    fallback_email_body: '<p>Hello</p>',
  });
  expect(answer).toEqual({ batch_id: expect.any(String), queued: RECIPIENTS, skipped_unsubscribed: 0 });
  const second = await killInTheMiddle(first);
  await expectAllOnce(sender.orgId, addresses);
  expect(await second.stop()).toEqual({ code: 0, signal: null });
  expect(second.complaints).toEqual([]);
});

test('a sequence continues after kill -9, and mails each contact once', async () => {
  const first = await startServer();
  const sender = await newSender(first);
  await installation.database.query(
    `INSERT INTO contacts (id, org_id, email) SELECT gen_random_uuid(), $1, email FROM unnest($2::text[]) email`,
    [sender.orgId, addresses],
  );
  const data = {
    from_email: 'hello@acme.example',
    email_subject: 'Hello',
    email_sender_name: 'Acme',
    email_body: '<p>Hello</p>',
    email_is_transactional: false,
  };
  const steps = [{ action: { type: 'send_emails', data } }];
  const { id } = await ask(sender, first, 'POST', '/sequences', { filter: null, is_continuous: false, steps });
  await ask(sender, first, 'PUT', `/sequences/${String(id)}/start`);
  const second = await killInTheMiddle(first);
  await expectAllOnce(sender.orgId, addresses);
  const read = () => ask(sender, second, 'GET', `/sequences/${String(id)}`);
  await until('it is complete', async () => (await read())['status'] === 'complete');
  await second.stop();
  expect(second.complaints).toEqual([]);
});
