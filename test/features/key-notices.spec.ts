import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { RoleName } from '../../src/access/scopes/roles.js';
import { OPERATOR } from '../../src/kit/audit/actor.js';
import { DAY_MS } from '../../src/insight/key-notices/expiry-steps.js';
import { KEY_NOTICES, KeyNotices } from '../../src/insight/key-notices/key-notices.service.js';
import { Jobs } from '../../src/core/jobs/jobs.service.js';
import { Partners } from '../../src/tenancy/partners/partners.service.js';
import { KeyUses } from '../support/key-uses.js';
import { rolesOf } from '../support/login-links.js';
import { MailServer, type ReceivedMail } from '../support/mail-server.js';
import { createKey, type Signed, signedInAs } from '../support/manage.js';
import { type TestOrg, TestServer } from '../support/start-app.js';
import { StubServer } from '../support/stub-server.js';
import { until } from '../support/until.js';
import { deliveriesTo, verified } from '../support/webhook-receiver.js';

const FROM = 'gatehouse@operator.example';
const DASHBOARD = 'https://keys.example.com';
const CONTACT = 'keys@partner.example';
const HOUR_MS = DAY_MS / 24;

let mails: MailServer;
let receiver: StubServer;
let server: TestServer;
let org: TestOrg;
let owner: Signed;
beforeAll(async () => {
  mails = await MailServer.start();
  receiver = await StubServer.start('127.0.0.1');
  receiver.answers(204);
  server = await TestServer.start({
    SMTP_URL: mails.url,
    MAIL_FROM: FROM,
    DASHBOARD_URL: DASHBOARD,
    OUTBOUND_ALLOWED_HOSTS: `127.0.0.1:${receiver.port}`,
  });
});
beforeEach(async () => {
  org = await server.newOrg();
  owner = await signedIn(org, 'owner');
});
afterAll(async () => {
  await server.close();
  await Promise.all([mails.stop(), receiver.close()]);
});

async function signedIn({ id, partner }: TestOrg, name: string): Promise<Signed> {
  return server.signedIn(await server.newSession({ id, partner }, `${name}@${id}.example`));
}

async function memberOf(role: RoleName, name: string): Promise<{ id: string; email: string; signed: Signed }> {
  const email = `${name}@${org.id}.example`;
  const signed = server.signedIn(await server.newSession(org, email, (await rolesOf(server, org))[role]));
  return { id: (await signed.get('/session').expect(200)).body.user.id, email, signed };
}

interface TestKey {
  readonly id: string;
  readonly end: Date;
}

/** A key whose end is that many days from now. */
async function keyFor(days: number, name = 'Production', by = owner): Promise<TestKey> {
  const end = new Date(Date.now() + days * DAY_MS);
  return { id: (await createKey(by, { name, expires_at: end.toISOString() })).id, end };
}

const before = ({ end }: TestKey, days: number, ms = 0) => new Date(end.getTime() - days * DAY_MS + ms);
const run = (now: Date, from = server) => from.app.get(KeyNotices).run(now);
const daysFromNow = (days: number) => new Date(Date.now() + days * DAY_MS);

/** The mails of the org, in the order of their addresses. */
async function mailsOf(orgId = org.id): Promise<{ to: string; subject: string }[]> {
  const { rows } = await server.owner.query<{ to: string; subject: string }>(
    `SELECT to_email AS to, subject FROM mail_messages WHERE org_id = $1 AND is_from_server ORDER BY to_email, id`,
    [orgId],
  );
  return rows;
}
/** The first mail that the Owner got. */
async function arrived(): Promise<ReceivedMail & { readonly text: string }> {
  const find = () => mails.received.find(({ to }) => to === `owner@${org.id}.example`);
  await until('the mail has arrived', () => find() !== undefined);
  const mail = find()!;
  return { ...mail, text: mail.raw.replaceAll('=\r\n', '').replaceAll('=3D', '=') };
}
const recipients = async (orgId?: string) => (await mailsOf(orgId)).map(({ to }) => to);

/** The events of a key in the audit, oldest first, with the days of notices. */
async function eventsOf({ id }: Pick<TestKey, 'id'>, by = owner): Promise<(string | number)[]> {
  const { items } = (await by.get(`/manage/v1/audit?api_key_id=${id}&limit=100`).expect(200)).body;
  type Entry = { action: string; actor: object; changes: { days_left?: { after: number } } };
  const entries = (items as Entry[]).filter(({ action }) => /expir|idle/.test(action));
  for (const { actor } of entries) expect(actor).toEqual({ type: 'system', id: null, name: 'Gatehouse' });
  return entries.map(({ action, changes }) => changes.days_left?.after ?? action).toReversed();
}

/** The notices of a key, oldest first, such as `7 mailed`. */
async function noticesOf({ id }: Pick<TestKey, 'id'>, audience = 'org'): Promise<string[]> {
  const { rows } = await server.owner.query<{ notice: string }>(
    `SELECT days || ' ' || state AS notice FROM key_notices WHERE key_id = $1 AND audience = $2 ORDER BY about, days DESC`,
    [id, audience],
  );
  return rows.map(({ notice }) => notice);
}

describe('a key that expires', () => {
  it('is announced exactly 30, 14, 7 and 1 times 24 hours before, once each, and then as expired', async () => {
    const key = await keyFor(80);
    const seen: (string | number)[] = [];
    for (const days of [30, 14, 7, 1]) {
      await run(before(key, days, -1));
      expect(await eventsOf(key)).toEqual(seen);
      await run(before(key, days));
      seen.push(days);
      expect(await eventsOf(key)).toEqual(seen);
      await run(before(key, days, HOUR_MS));
      expect(await recipients()).toHaveLength(seen.length);
    }
    await run(before(key, 0, -1));
    expect(await eventsOf(key)).toEqual(seen);
    await run(before(key, 0));
    await run(before(key, -1));
    expect(await eventsOf(key)).toEqual([30, 14, 7, 1, 'api_key.expired']);
    expect(await recipients()).toHaveLength(4);
    expect(await noticesOf(key)).toEqual(['30 mailed', '14 mailed', '7 mailed', '1 mailed']);
  });

  it('is announced at 1 day only, if it was created with 5 days left', async () => {
    const key = await keyFor(5);
    for (let hour = 0; hour <= 6 * 24; hour += 6) await run(daysFromNow(hour / 24));
    expect(await eventsOf(key)).toEqual([1, 'api_key.expired']);
    expect(await recipients()).toHaveLength(1);
  });

  it('gets only the newest notice after an outage; earlier ones are marked as skipped', async () => {
    const key = await keyFor(80);
    await run(before(key, 31));
    await run(before(key, 6));
    expect(await eventsOf(key)).toEqual([7]);
    expect(await noticesOf(key)).toEqual(['30 skipped', '14 skipped', '7 mailed']);
    expect(await mailsOf()).toMatchObject([{ subject: 'API keys of Acme Tours: 1 key expires within 7 days' }]);
  });

  it('is announced anew when its end changes, and no more when it has none', async () => {
    const key = await keyFor(20);
    await run(before(key, 7));
    const later = { id: key.id, end: new Date(key.end.getTime() + 60 * DAY_MS) };
    const change = (expires_at: string | null) =>
      owner.patch(`/manage/v1/api-keys/${key.id}`).send({ expires_at }).expect(200);
    await change(later.end.toISOString());
    for (const days of [30, 7]) await run(before(later, days));
    await change(null);
    await run(before(later, 0));
    expect(await eventsOf(key)).toEqual([7, 30, 7]);
    expect(await noticesOf(key)).toEqual(['14 skipped', '7 mailed', '30 mailed', '14 skipped', '7 mailed']);
  });

  it('is not announced once it is revoked, nor if its org is archived', async () => {
    const [key, other] = [await keyFor(40), await keyFor(40)];
    await run(daysFromNow(0));
    await owner.post(`/manage/v1/api-keys/${key.id}/revoke`).expect(200);
    await run(before(other, 30));
    expect(await eventsOf(key)).toEqual([]);
    expect(await eventsOf(other)).toEqual([30]);
    await server.as(org.partner.key).delete(`/partner/v1/orgs/${org.id}`).expect(204);
    await run(before(other, 14));
    expect(await noticesOf(other)).toEqual(['30 mailed']);
  });

  it('is announced once, whatever number of runs at the same time', async () => {
    const keys = [await keyFor(40), await keyFor(40), await keyFor(40)];
    const now = before(keys[2]!, 30);
    await Promise.all([run(now), run(now), run(now)]);
    await run(now);
    for (const key of keys) expect(await eventsOf(key)).toEqual([30]);
    expect(await recipients()).toHaveLength(1);
  });
});

describe('the mail about keys that expire', () => {
  it('is one for all keys, in text and HTML, from the server itself, without the key', async () => {
    const named = { name: 'Booking <website>', expires_at: daysFromNow(1.5).toISOString() };
    const kiosk = await createKey(owner, named);
    const website = await keyFor(7.5, 'Website');
    await run(daysFromNow(1));
    const { from, headers, raw, text } = await arrived();
    expect(from).toBe(FROM);
    expect(headers).toMatchObject({
      from: `Gatehouse <${FROM}>`,
      subject: 'API keys of Acme Tours: 1 key expires within 1 day, and 1 more',
      'content-type': expect.stringContaining('multipart/alternative'),
    });
    expect(headers).not.toHaveProperty('list-unsubscribe');
    expect(text).toContain(`<a href="${DASHBOARD}/dashboard/keys/${kiosk.id}">Booking &#60;website&#62;</a>`);
    expect(text).toContain(`<a href="${DASHBOARD}/dashboard/keys/${website.id}">Website</a>`);
    expect(text).toContain('Booking <website>');
    expect(raw).not.toContain(kiosk.api_key);
  });

  it('reaches Owners, Admins, and the creator of a key who is still a member, about their own keys', async () => {
    const admin = await memberOf('Admin', 'admin');
    const other = await memberOf('Admin', 'other');
    const gone = await memberOf('Admin', 'gone');
    await memberOf('Member', 'member');
    await keyFor(40, 'Of the Owner');
    await keyFor(40, 'Of the former Admin', admin.signed);
    const last = await keyFor(40, 'Of a former member', gone.signed);
    const roles = await rolesOf(server, org);
    await owner.patch(`/manage/v1/members/${admin.id}`).send({ role_id: roles.Member }).expect(200);
    await owner.delete(`/manage/v1/members/${gone.id}`).expect(204);
    await run(before(last, 30));
    const all = 'API keys of Acme Tours: 3 keys expire within 30 days';
    expect(await mailsOf()).toMatchObject([
      { to: admin.email, subject: 'API keys of Acme Tours: 1 key expires within 30 days' },
      { to: other.email, subject: all },
      { to: `owner@${org.id}.example`, subject: all },
    ]);
  });

  it('reaches the contact of the partner as one mail for all its orgs, unless the org mails that address', async () => {
    await server.app.get(Partners).update(OPERATOR, org.partner.id, { contact_email: CONTACT });
    const [second, third] = [await server.newOrg(org.partner), await server.newOrg(org.partner)];
    const keys = [
      await keyFor(40),
      await keyFor(40, 'Second', await signedIn(second, 'owner')),
      await keyFor(40, 'Third', server.signedIn(await server.newSession(third, CONTACT))),
    ];
    await run(before(keys[2]!, 30));
    const all = (await Promise.all([org, second, third].map(({ id }) => mailsOf(id)))).flat();
    const toContact = all.filter(({ to }) => to === CONTACT).map(({ subject }) => subject);
    expect(toContact.toSorted()).toEqual([
      'API keys of Acme Tours: 1 key expires within 30 days',
      'API keys of your organizations: 2 keys expire within 30 days',
    ]);
    expect(await Promise.all(keys.map((key) => noticesOf(key, 'partner')))).toEqual([
      ['30 mailed'],
      ['30 mailed'],
      ['30 skipped'],
    ]);
    await server.app.get(Partners).update(OPERATOR, org.partner.id, { contact_email: null });
    await run(before(keys[2]!, 14));
    expect(await noticesOf(keys[0]!, 'partner')).toEqual(['30 mailed']);
  });

  it('comes once a day, except for a key with a day left', async () => {
    const first = await keyFor(40);
    const second = await keyFor(40 + 5 / 24);
    const last = await keyFor(11 + 6 / 24);
    const third = await keyFor(40 + 7 / 24);
    await run(before(first, 30));
    await run(before(second, 30));
    expect(await recipients()).toHaveLength(1);
    await run(before(last, 1));
    expect(await recipients()).toHaveLength(2);
    expect(await noticesOf(last)).toEqual(['7 mailed', '1 mailed']);
    expect(await noticesOf(second)).toEqual(['30 mailed']);
    await run(before(third, 30));
    expect(await eventsOf(third)).toEqual([30]);
    expect(await noticesOf(third)).toEqual(['30 pending']);
    await run(before(last, 1, DAY_MS));
    expect(await noticesOf(third)).toEqual(['30 mailed']);
    expect(await recipients()).toHaveLength(3);
  });

  it('reaches other orgs while that of one org cannot be stored, which gets it later', async () => {
    const orgs = [org, await server.newOrg(), await server.newOrg()].toSorted((one, two) => (one.id < two.id ? -1 : 1));
    let last: TestKey | undefined;
    for (const each of orgs) last = await keyFor(40, 'Production', await signedIn(each, 'owner'));
    const [broken, ...others] = orgs.map(({ id }) => id);
    await server.owner.query(`ALTER TABLE mail_messages ADD CONSTRAINT broken CHECK (org_id <> '${broken}') NOT VALID`);
    await expect(run(before(last!, 30))).rejects.toThrow('mail about keys');
    await server.owner.query('ALTER TABLE mail_messages DROP CONSTRAINT broken');
    for (const id of others) expect(await recipients(id)).toEqual([`owner@${id}.example`]);
    expect(await recipients(broken)).toEqual([]);
    await run(before(last!, 30, HOUR_MS));
    expect(await recipients(broken)).toEqual([`owner@${broken}.example`]);
  });

  it('is bounded for an org with hundreds of keys, of which each has its event', async () => {
    const { rows } = await server.owner.query<{ id: string }>(
      `INSERT INTO api_keys (id, org_id, kind, name, masked_key, created_by_type, created_by_name, expires_at)
       SELECT gen_random_uuid(), $1, 'bearer', repeat('W', 190) || number, 'ocx_live_…x7Qa', 'operator', 'test',
         now() + interval '960 hours' FROM generate_series(1, 450) number RETURNING id`,
      [org.id],
    );
    await run(daysFromNow(10.1));
    expect(await mailsOf()).toMatchObject([
      { subject: 'API keys of Acme Tours: 50 keys expire within 30 days, and 400 more' },
    ]);
    const { text } = await arrived();
    expect(text.match(/<li>/g)).toHaveLength(50);
    expect(text).toContain('<p>And 400 keys more.</p>');
    expect(await eventsOf(rows[0]!)).toEqual([30]);
    const entries = `SELECT count(*)::int AS count FROM audit_entries WHERE org_id = $1 AND action = 'api_key.expiring'`;
    expect((await server.owner.query(entries, [org.id])).rows).toEqual([{ count: 450 }]);
  });

  it('is off where Owners or Admins turn it off; the events stay', async () => {
    const settings = (await owner.get('/manage/v1/org').expect(200)).body;
    expect(settings).toMatchObject({ expiry_notices: true, idle_notices: false });
    const member = await signedInAs(server, org, 'Member');
    await member.patch('/manage/v1/org').send({ expiry_notices: false }).expect(403);
    const { body } = await owner.patch('/manage/v1/org').send({ expiry_notices: false }).expect(200);
    expect(body.expiry_notices).toBe(false);
    const { items } = (await owner.get('/manage/v1/audit?action=org.updated').expect(200)).body;
    expect(items[0].changes).toEqual({ expiry_notices: { before: true, after: false } });
    await owner.patch('/manage/v1/org').send({ expiry_notices: null }).expect(400);
    const key = await keyFor(40);
    await run(before(key, 30));
    expect(await eventsOf(key)).toEqual([30]);
    expect(await recipients()).toEqual([]);
    // Turned on again, it doesn't catch up.
    await owner.patch('/manage/v1/org').send({ expiry_notices: true }).expect(200);
    await run(before(key, 29));
    expect(await recipients()).toEqual([]);
  });

  it('is neither sent nor stored without a mail server; the events are recorded', async () => {
    const silent = await TestServer.start();
    try {
      const quiet = await silent.newOrg();
      const signed = silent.signedIn(await silent.newSession(quiet));
      const end = daysFromNow(40);
      const { id } = await createKey(signed, { expires_at: end.toISOString() });
      await run(before({ id, end }, 30), silent);
      expect(await eventsOf({ id }, signed)).toEqual([30]);
      expect((await silent.owner.query('SELECT FROM mail_messages')).rows).toEqual([]);
      expect((await silent.owner.query('SELECT state FROM key_notices')).rows).toEqual([{ state: 'skipped' }]);
    } finally {
      await silent.close();
    }
  });
});

describe('a key without requests', () => {
  const idle = (id: string) => eventsOf({ id });

  it('is announced after 90 days, once per idle period, by mail where it is wanted', async () => {
    const uses = new KeyUses(server);
    const { id } = await createKey(owner);
    await owner.patch('/manage/v1/org').send({ idle_notices: true }).expect(200);
    await run(daysFromNow(89.9));
    expect(await idle(id)).toEqual([]);
    for (const days of [90.1, 91, 181, 272]) await run(daysFromNow(days));
    expect(await idle(id)).toEqual(['api_key.idle']);
    expect(await mailsOf()).toMatchObject([{ subject: 'API keys of Acme Tours: 1 key has not been used for 90 days' }]);
    await uses.add(id, { hoursAgo: -300 * 24, requests: 1 });
    await run(daysFromNow(389));
    expect(await idle(id)).toEqual(['api_key.idle']);
    for (const days of [455, 500, 600]) await run(daysFromNow(days));
    expect(await idle(id)).toEqual(['api_key.idle', 'api_key.idle']);
    await uses.forget(id);
    for (const days of [700, 800]) await run(daysFromNow(days));
    expect(await idle(id)).toEqual(['api_key.idle', 'api_key.idle']);
  });

  it('is announced 7 days before a policy suspends it, once per idle period', async () => {
    const uses = new KeyUses(server);
    const { id } = await createKey(owner);
    await owner.put('/manage/v1/key-policy').send({ suspend_idle_after_days: 30 }).expect(200);
    await run(daysFromNow(22.9));
    expect(await idle(id)).toEqual([]);
    const due = daysFromNow(23.1);
    await Promise.all([run(due), run(due), run(due)]);
    await run(daysFromNow(24));
    expect(await idle(id)).toEqual(['api_key.idle']);
    const subject = 'API keys of Acme Tours: 1 key is suspended within 7 days unless used';
    expect(await mailsOf()).toMatchObject([{ subject }]);
    await uses.add(id, { hoursAgo: -25 * 24, requests: 1 });
    await run(daysFromNow(47));
    expect(await idle(id)).toEqual(['api_key.idle']);
    for (const days of [49, 50]) await run(daysFromNow(days));
    expect(await mailsOf()).toMatchObject([{ subject }, { subject }]);
    // The notice of 90 days would follow the suspension.
    await run(daysFromNow(120));
    expect(await idle(id)).toEqual(['api_key.idle', 'api_key.idle']);
  });

  it('is recorded and not mailed by default', async () => {
    const { id } = await createKey(owner);
    await run(daysFromNow(91));
    expect(await idle(id)).toEqual(['api_key.idle']);
    expect(await recipients()).toEqual([]);
  });

  it('is not announced if it is in use, expired or revoked', async () => {
    const used = await createKey(owner);
    const revoked = await createKey(owner);
    const expired = await keyFor(10);
    await owner.post(`/manage/v1/api-keys/${revoked.id}/revoke`).expect(200);
    await new KeyUses(server).add(used.id, { hoursAgo: -5 * 24, requests: 1 });
    await run(daysFromNow(91));
    for (const { id } of [used, revoked]) expect(await idle(id)).toEqual([]);
    expect(await idle(expired.id)).toEqual(['api_key.expired']);
    await run(daysFromNow(95.1));
    expect(await idle(used.id)).toEqual(['api_key.idle']);
  });
});

it('the scheduled job announces what is due now', async () => {
  const key = await keyFor(40);
  await server.owner.query(`UPDATE key_deadlines SET done_until = now() - interval '20 days' WHERE key_id = $1`, [
    key.id,
  ]);
  await server.owner.query('ALTER TABLE api_keys DISABLE TRIGGER api_keys_deadlines');
  await server.owner.query(`UPDATE api_keys SET expires_at = expires_at - interval '11 days' WHERE id = $1`, [key.id]);
  await server.owner.query('ALTER TABLE api_keys ENABLE TRIGGER api_keys_deadlines');
  await server.app.get(Jobs).enqueueScheduled(server.database.dataSource.manager, KEY_NOTICES);
  await until('it is announced', async () => (await eventsOf(key)).length > 0);
  expect(await eventsOf(key)).toEqual([30]);
});

it('webhooks get each notice with the days that are left, also where the mail is off', async () => {
  await owner.patch('/manage/v1/org').send({ expiry_notices: false }).expect(200);
  const events = ['api_key.expiring', 'api_key.expired', 'api_key.idle'];
  const hook = await owner
    .post('/manage/v1/webhooks')
    .send({ url: `${receiver.url}/notices`, events })
    .expect(201);
  const key = await keyFor(40);
  const idle = await createKey(owner);
  for (const days of [30, 7, 0]) await run(before(key, days));
  await run(daysFromNow(91));
  const requests = await deliveriesTo(receiver, '/notices', 4);
  const sent = requests.map((request) => verified(request, (hook.body as { signing_secret: string }).signing_secret));
  const told = sent.map(({ type, data, changes }) => [type, data['id'], changes?.['days_left']?.after ?? null]);
  expect(told).toHaveLength(4);
  expect(told).toEqual(
    expect.arrayContaining([
      ['api_key.expiring', key.id, 30],
      ['api_key.expiring', key.id, 7],
      ['api_key.expired', key.id, null],
      ['api_key.idle', idle.id, null],
    ]),
  );
  for (const { actor } of sent) expect(actor).toEqual({ type: 'system', id: null, name: 'Gatehouse' });
});

it('the metrics count notices by event and result', async () => {
  const count = async (labels: string) => {
    const { text } = await server.http.get('/metrics').expect(200);
    return Number(new RegExp(`^gatehouse_key_notices_total\\{${labels}\\} (\\d+)$`, 'm').exec(text)?.[1] ?? 0);
  };
  const labels = ['recorded', 'mailed'].map((result) => `event="api_key.expiring",result="${result}"`);
  const earlier = await Promise.all(labels.map(count));
  const key = await keyFor(40);
  await run(before(key, 30));
  const grown = (await Promise.all(labels.map(count))).map((value, index) => value - earlier[index]!);
  expect(grown).toEqual([1, 1]);
});
