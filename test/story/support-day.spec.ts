import { afterAll, beforeAll, expect, it } from 'vitest';
import { Conversations } from '../support/conversations.js';
import { DnsServer } from '../support/dns-server.js';
import { MailServer, type ReceivedMail } from '../support/mail-server.js';
import { ModelStub } from '../support/model-stub.js';
import { ownDomain } from '../support/sender-domains.js';
import { PUBLIC_URL, TestServer } from '../support/start-app.js';
import { until } from '../support/until.js';

const DOMAIN = 'acme.example';
const ZOE = { email: 'zoe@guests.example', name: 'Zoe' };
const FORM = { 'Content-Type': 'application/x-www-form-urlencoded' };
/** What the model finds in a message that needs nothing else. */
const PLAIN = {
  topic: null,
  wants_human: false,
  is_resolved: false,
  needs_answer: true,
  language: 'en',
  sentiment: 'neutral',
};

let server: TestServer;
let mails: MailServer;
let dns: DnsServer;
let model: ModelStub;
beforeAll(async () => {
  [mails, dns, model] = await Promise.all([MailServer.start(), DnsServer.start(), ModelStub.start()]);
  server = await TestServer.start({
    SMTP_URL: mails.url,
    DNS_SERVERS: dns.address,
    LLM_BASE_URL: model.url,
    LLM_MODEL: 'stub',
  });
});
afterAll(async () => {
  await server.close();
  await Promise.all([mails.stop(), dns.stop(), model.stop()]);
});

/** Names the part of the day in the output, and in the error when it fails. */
async function part<T>(name: string, play: () => Promise<T>): Promise<T> {
  try {
    const result = await play();
    process.stdout.write(`  ${name}\n`);
    return result;
  } catch (error) {
    throw new Error(`${name}: ${(error as Error).message}`, { cause: error });
  }
}

async function mailTo(address: string, subject: string): Promise<ReceivedMail> {
  const find = () => mails.received.find((mail) => mail.to === address && mail.headers['subject'] === subject);
  await until(`"${subject}" reaches ${address}`, () => find() !== undefined);
  return find()!;
}

const bodyOf = (mail: ReceivedMail) => mail.raw.replaceAll('=\r\n', '').replaceAll('=3D', '=');

/** Follows a link as a browser does, and returns the page. */
async function open(link: string, method = 'GET'): Promise<string> {
  const answer = await fetch(link.replace(PUBLIC_URL, server.url), {
    method,
    ...(method === 'POST' && { headers: FORM }),
  });
  expect(answer.status).toBe(200);
  return answer.text();
}

it("a support team's day: from a question to the figures that its manager reads", async () => {
  const here = await Conversations.of(server);
  const { client } = here;
  const read = async <T>(path: string) => (await client.get(path).expect(200)).body as T;

  await part('The team sets up its domain, office hours, SLA, AI, survey and knowledge', async () => {
    await ownDomain(client, dns, DOMAIN);
    const shifts = [{ day_of_week: 'everyday', start_time: '00:00:00', end_time: '23:59:59' }];
    const hours = await client.post('/office-hours').send({ name: 'Always', iana_timezone: 'UTC', shifts }).expect(201);
    const targets = { first_reply_seconds: 3_600, resolution_seconds: 86_400 };
    const office_hours_id = (hours.body as { id: string }).id;
    await client
      .post('/sla/policies')
      .send({ name: 'Mail', targets, conditions: { channels: ['email'] }, office_hours_id })
      .expect(201);
    await client.patch('/autopilot/channels/email').send({ enabled: true }).expect(200);
    const survey = { auto_send: true, delay_minutes: 0, channels: { email: true } };
    await client.put('/csat/settings').send(survey).expect(200);
    await client.post('/training').send({ title: 'Baggage', content: 'A suitcase may weigh 23 kg.' }).expect(201);
  });

  const session = await part('Zoe writes a mail, and the AI answers it by mail', async () => {
    const { body } = await client.post('/contacts').send({ contact: ZOE }).expect(201);
    const channel = { type: 'email', address: `help@${DOMAIN}`, subject: 'My suitcase' };
    const id = await here.start({ contact_id: (body as { id: string }).id, channel });
    model.answers = [{ ...PLAIN, answer: 'Up to 23 kg.' }];
    await here.send(id, 'contact', { message: { type: 'text', text: 'How heavy may my suitcase be?' } });
    expect(bodyOf(await mailTo(ZOE.email, 'Re: My suitcase'))).toContain('Up to 23 kg.');
    expect(await here.read(id)).toMatchObject({ sla: { first_reply: null }, language: 'en' });
    return id;
  });

  await part('She asks for a person, and the session is handed off', async () => {
    model.answers = [{ ...PLAIN, wants_human: true, answer: null, sentiment: 'angry' }];
    await here.send(session, 'contact', { message: { type: 'text', text: 'Mine is lost! I want a human.' } });
    const handoff = { reasons: ['user_requested_human_assistance'] };
    await until('it is handed off', async () => (await here.read(session))['handoff'] !== null);
    expect(await here.read(session)).toMatchObject({ handoff, sla: { first_reply: { state: 'active' } } });
  });

  await part('Ada answers within the SLA, and closes the session', async () => {
    const message = { type: 'text', text: 'We found it, Zoe. It arrives tonight.' };
    await here.send(session, 'agent', { message, agent: { name: 'Ada' } });
    await until('her mail has arrived', () =>
      mails.received.some((mail) => bodyOf(mail).includes('It arrives tonight.')),
    );
    expect(await here.read(session)).toMatchObject({ sla: { first_reply: { state: 'fulfilled' } } });
    model.answers = [{ summary: 'A lost suitcase was found.', sentiment: 'happy', language: 'en', tags: [] }];
    await here.setStatus(session, 'closed_resolved');
  });

  await part('The survey reaches Zoe, and she gives five points', async () => {
    const requested = async () => (await here.history(session)).find(({ event }) => event.type === 'csat_requested');
    await until('the survey is requested', async () => (await requested()) !== undefined);
    const { survey_url } = (await requested())!.event.context as { survey_url: string };
    await until('it is mailed', () =>
      mails.received.some((mail) => bodyOf(mail).includes(`/surveys/${here.org.id}/${session}`)),
    );
    const best = /action="([^"]*\/5[^"]*)"/.exec(await open(survey_url))![1]!.replaceAll('&#38;', '&');
    await open(new URL(best, survey_url).href, 'POST');
    expect(await read(`/csat/scores/session/${session}`)).toMatchObject({ score: 5 });
  });

  const sequence = await part('A newsletter greets each contact by name', async () => {
    const guests = [{ email: 'ben@guests.example', name: 'Ben' }, { email: 'cleo@guests.example' }];
    for (const contact of guests) await client.post('/contacts').send({ contact }).expect(201);
    const data = {
      from_email: `news@${DOMAIN}`,
      email_sender_name: 'Acme Tours',
      email_subject: 'Hello {{contact.name | default: "traveller"}}',
      email_body: '<p>New tours!</p>',
      email_is_transactional: false,
    };
    const step = { action: { type: 'send_emails', data }, delay_in_minutes: 0 };
    const { body } = await client
      .post('/sequences')
      .send({ name: 'News', is_continuous: true, filter: null, steps: [step] })
      .expect(201);
    const { id } = body as { id: string };
    await client
      .post(`/sequences/${id}/contacts`)
      .send({ contacts: [ZOE, ...guests].map(({ email }) => ({ email })) })
      .expect(201);
    await mailTo(ZOE.email, 'Hello Zoe');
    await mailTo('ben@guests.example', 'Hello Ben');
    await mailTo('cleo@guests.example', 'Hello traveller');
    return id;
  });

  await part('Ben unsubscribes by one click, and the next mail skips him', async () => {
    const link = /<(https?:[^>]+)>/.exec(
      (await mailTo('ben@guests.example', 'Hello Ben')).headers['list-unsubscribe']!,
    )![1]!;
    expect(await open(link, 'POST')).toContain('You are unsubscribed');
    const recipients = [{ to_email: 'ben@guests.example' }, { to_email: ZOE.email }];
    const fallback = {
      fallback_email_subject: 'Last places',
      fallback_email_body: '<p>Book now.</p>',
      fallback_email_sender_name: 'Acme Tours',
    };
    const { body } = await client
      .post('/email')
      .send({ from_email: `news@${DOMAIN}`, recipients, ...fallback })
      .expect(202);
    expect(body).toMatchObject({ queued: 1, skipped_unsubscribed: 1 });
    await mailTo(ZOE.email, 'Last places');
  });

  await part('The manager reads the day', async () => {
    const today = new Date().toISOString().slice(0, 10);
    expect(await read('/handoff-analytics')).toMatchObject({
      total_handoffs: 1,
      total_sessions: 1,
      reasons: [{ reason: 'user_requested_human_assistance', count: 1, percentage: 100 }],
    });
    expect(await read('/sla/analytics')).toMatchObject({
      total_sessions: 1,
      sla_sessions: 1,
      compliance: { first_reply: { fulfilled: 1, breached: 0, rate: 1 }, resolution: { fulfilled: 1, rate: 1 } },
    });
    expect(await read('/csat/summary')).toMatchObject({ count: 1, average: 5, distribution: { 5: 1 } });
    const outcomes = { sent: 3, skipped: 0, failed: 0 };
    await until(
      'the newsletter is sent',
      async () => (await read<{ outcomes: { sent: number } }>(`/sequences/${sequence}`)).outcomes.sent === 3,
    );
    expect(await read(`/sequences/${sequence}`)).toMatchObject({ outcomes });
    expect(await read(`/analytics/overview?from=${today}&to=${today}`)).toMatchObject({
      sessions: { opened: 1, closed: 1, handed_off: 1 },
    });
    const { items } = await read<{ items: { content: string; reason: string }[] }>('/insights');
    expect(items).toMatchObject([{ reason: 'user_requested_human_assistance', occurrence_count: 1 }]);
  });
});
