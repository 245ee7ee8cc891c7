import { beforeAll, expect, it } from 'vitest';
import { DomainEventBus } from '../../src/kit/domain-events/domain-event-bus.js';
import { SlaBreaches } from '../../src/resources/conversations/sla-policies/sla-breaches.service.js';
import { Conversations } from '../support/conversations.js';
import { TestServer } from '../support/start-app.js';
import { UNKNOWN_ID } from '../support/unknown-id.js';

const HOUR = 3_600;

const server = TestServer.forSuite();
/** A second process that looks for overdue sessions. */
let other: SlaBreaches;
const told: string[] = [];

beforeAll(async () => {
  const { database } = server;
  const bus = server.app.get(DomainEventBus);
  for (const name of ['sla.first_reply_breached', 'sla.resolution_breached'] as const) {
    bus.listen(name, async (_, { sessionId }) => void told.push(`${name} ${sessionId}`));
  }
  other = new SlaBreaches(database, undefined as never, bus);
});

const record = () => server.app.get(SlaBreaches).record();

async function newPolicy(of: Conversations, fields: object = {}): Promise<string> {
  const policy = {
    name: `Policy ${Math.random()}`,
    targets: { first_reply_seconds: HOUR, resolution_seconds: 4 * HOUR },
  };
  const { body } = await of.client
    .post('/sla/policies')
    .send({ ...policy, ...fields })
    .expect(201);
  return (body as { id: string }).id;
}

interface ShownClock {
  state: string;
  due_at: string;
  completed_at: string | null;
}
interface ShownSla {
  policy_id: string | null;
  first_reply: ShownClock | null;
  resolution: ShownClock | null;
}
const slaOf = async (of: Conversations, id: string) => (await of.read(id))['sla'] as ShownSla;

/** Makes the clocks of the session older. */
async function age(id: string, seconds: number): Promise<void> {
  await server.database.pool.query(
    `UPDATE sla_clocks SET counting_since = counting_since - make_interval(secs => $2),
       due_at = due_at - make_interval(secs => $2) WHERE session_id = $1`,
    [id, seconds],
  );
}

it('policies have unique names, and are listed by position', async () => {
  const here = await Conversations.of(server);
  const neighbour = await Conversations.of(server);
  const last = await newPolicy(here, { name: 'Last', position: 7 });
  const first = await newPolicy(here, { name: 'First', position: -1, is_active: false });
  const second = await newPolicy(here, { name: 'Second' });
  const third = await newPolicy(here, { name: 'Third' });
  const ids = async (query = '') => (await here.items(`/sla/policies${query}`)).map(({ id }) => id);
  expect(await ids()).toEqual([first, second, third, last]);
  expect(await ids('?is_active=false')).toEqual([first]);
  const page = (await here.client.get('/sla/policies?limit=2').expect(200)).body as { next: string };
  expect(await ids(`?limit=2&cursor=${page.next}`)).toEqual([third, last]);
  const path = `/sla/policies/${second}`;
  expect((await here.client.get(path).expect(200)).body).toEqual({
    id: second,
    name: 'Second',
    description: null,
    targets: { first_reply_seconds: HOUR, resolution_seconds: 4 * HOUR },
    conditions: {},
    office_hours_id: null,
    is_active: true,
    position: 0,
    created_at: expect.any(String),
    updated_at: expect.any(String),
  });
  const taken = { statusCode: 409, message: 'SLA policy with this name already exists', code: 'taken' };
  expect((await here.client.patch(path).send({ name: 'Last' }).expect(409)).body).toEqual(taken);
  for (const request of [neighbour.client.get(path), neighbour.client.delete(path), neighbour.client.patch(path)]) {
    await request.expect(404);
  }
  for (const wrong of [
    { targets: {} },
    { targets: { first_reply_seconds: null } },
    { targets: { first_reply_seconds: 59 } },
    { targets: { resolution_seconds: 7_776_001 } },
    { conditions: { channels: ['fax'] } },
    { conditions: { colour: 'red' } },
    { conditions: null },
    { position: 1.5 },
  ]) {
    await here.client.patch(path).send(wrong).expect(400);
  }
});

it('office hours in use cannot be deleted, and a policy with unknown ones is refused', async () => {
  const here = await Conversations.of(server);
  const neighbour = await Conversations.of(server);
  const hours = {
    name: 'Office',
    iana_timezone: 'Europe/Berlin',
    shifts: [{ day_of_week: 'monday_to_friday', start_time: '09:00:00', end_time: '17:00:00' }],
  };
  const made = async (of: Conversations) =>
    ((await of.client.post('/office-hours').send(hours).expect(201)).body as { id: string }).id;
  const office_hours_id = await made(here);
  const policy = await newPolicy(here, { office_hours_id });
  expect((await here.client.delete(`/office-hours/${office_hours_id}`).expect(409)).body).toEqual({
    statusCode: 409,
    message: 'Schedule is used by an SLA policy',
    code: 'in_use',
  });
  for (const unknown of [UNKNOWN_ID, 'x', await made(neighbour)]) {
    const { body } = await here.client.patch(`/sla/policies/${policy}`).send({ office_hours_id: unknown }).expect(404);
    expect(body).toMatchObject({ message: 'Office hours not found' });
  }
  const { first_reply } = await slaOf(here, await here.start());
  const justBefore = new Date(Date.parse(first_reply!.due_at) - 1).toISOString();
  const status = await here.client.get(`/office-hours/${office_hours_id}/status?at=${justBefore}`).expect(200);
  expect(status.body).toMatchObject({ is_open: true });
  await here.client.patch(`/sla/policies/${policy}`).send({ office_hours_id: null }).expect(200);
  await here.client.delete(`/office-hours/${office_hours_id}`).expect(204);
});

it('the first active policy that matches a session applies, and its later changes apply to later sessions', async () => {
  const here = await Conversations.of(server);
  expect(await slaOf(here, await here.start())).toBeNull();
  await newPolicy(here, { position: 1, is_active: false });
  const vip = await newPolicy(here, { position: 2, conditions: { contact_custom_data: { tier: 'vip' } } });
  const sms = await newPolicy(here, {
    position: 3,
    conditions: { channels: ['sms', 'whatsapp'] },
    targets: { resolution_seconds: HOUR },
  });
  const { body } = await here.client
    .post('/contacts')
    .send({ contact: { email: 'vip@example.com', custom_data: { tier: 'vip' } } })
    .expect(201);
  const contact_id = (body as { id: string }).id;
  const vipSession = await here.start({ contact_id, channel: { type: 'sms' } });
  const before = await slaOf(here, vipSession);
  expect(before).toEqual({
    policy_id: vip,
    first_reply: { state: 'active', due_at: expect.any(String), completed_at: null },
    resolution: { state: 'active', due_at: expect.any(String), completed_at: null },
  });
  expect(await slaOf(here, await here.start({ channel: { type: 'sms' } }))).toMatchObject({
    policy_id: sms,
    first_reply: null,
    resolution: { state: 'active' },
  });
  expect(await slaOf(here, await here.start({ channel: { type: 'web' } }))).toBeNull();
  await here.client
    .patch(`/sla/policies/${vip}`)
    .send({ targets: { first_reply_seconds: 60 } })
    .expect(200);
  expect(await slaOf(here, vipSession)).toEqual(before);
  expect(await slaOf(here, await here.start({ contact_id }))).toMatchObject({ policy_id: vip, resolution: null });
});

it('the first reply of a person and the closing stop the clocks, and reopening resumes them', async () => {
  const here = await Conversations.of(server);
  await newPolicy(here);
  const id = await here.start();
  await here.send(id, 'contact');
  expect(await slaOf(here, id)).toMatchObject({ first_reply: { state: 'active' } });
  await here.send(id, 'agent');
  const replied = await slaOf(here, id);
  expect(replied).toMatchObject({
    first_reply: { state: 'fulfilled', completed_at: expect.any(String) },
    resolution: { state: 'active' },
  });
  await here.send(id, 'agent');
  expect((await slaOf(here, id)).first_reply).toEqual(replied.first_reply);
  await age(id, 3 * HOUR);
  await here.setStatus(id, 'closed_resolved');
  const closed = await slaOf(here, id);
  expect(closed.resolution).toMatchObject({ state: 'fulfilled', completed_at: expect.any(String) });
  await here.send(id, 'contact');
  const { resolution } = await slaOf(here, id);
  expect(resolution).toMatchObject({ state: 'active', completed_at: null });
  const leftSeconds = (Date.parse(resolution!.due_at) - Date.now()) / 1_000;
  expect(leftSeconds).toBeGreaterThan(HOUR - 60);
  expect(leftSeconds).toBeLessThanOrEqual(HOUR);
});

it('a policy applies once tags, team or contact data match, and no longer than they do', async () => {
  const here = await Conversations.of(server);
  const { client } = here;
  await client.put('/tags').send({ tag_name: 'urgent' }).expect(200);
  const newTeam = { name: 'Second level', is_support_enabled: true };
  const team_id = ((await client.post('/teams').send(newTeam).expect(201)).body as { id: string }).id;
  const contact = { email: 'gold@example.com', custom_data: { tier: 'gold' } };
  const contact_id = ((await client.post('/contacts').send({ contact }).expect(201)).body as { id: string }).id;
  const tagged = await newPolicy(here, { position: 1, conditions: { tags: ['urgent'] } });
  const owned = await newPolicy(here, {
    position: 2,
    conditions: { team_ids: [team_id] },
    targets: { resolution_seconds: 2 * HOUR },
  });
  const gold = await newPolicy(here, { position: 3, conditions: { contact_custom_data: { tier: 'gold' } } });
  const id = await here.start({ contact_id });
  const start = Date.parse((await here.read(id))['created_at'] as string);
  const dueAfter = async () => {
    const sla = await slaOf(here, id);
    return sla && [sla.policy_id, Math.round((Date.parse(sla.resolution!.due_at) - start) / 1_000)];
  };
  const found = async (query: string) => (await here.items(`/chat/sessions?${query}`)).map((row) => row['id']);
  const setTier = (tier: string | null) =>
    client
      .patch(`/contacts/${contact_id}`)
      .send({ contact: { custom_data: { tier } } })
      .expect(200);
  expect(await dueAfter()).toEqual([gold, 4 * HOUR]);
  await client.put(`/chat/sessions/${id}/assignee`).send({ team_id }).expect(200);
  expect(await dueAfter()).toEqual([owned, 2 * HOUR]);
  expect((await slaOf(here, id)).first_reply).toBeNull();
  await client.put(`/chat/sessions/${id}/tags/urgent`).expect(200);
  expect(await dueAfter()).toEqual([tagged, 4 * HOUR]);
  expect((await slaOf(here, id)).first_reply).toMatchObject({ state: 'active' });
  await here.start();
  for (const query of ['tag=urgent', `team_id=${team_id}`, `contact_id=${contact_id}`]) {
    expect(await found(query), query).toEqual([id]);
  }
  for (const query of ['tag=calm', `team_id=${contact_id}`, `assignee_id=${team_id}`]) {
    expect(await found(query), query).toEqual([]);
  }
  await client.delete(`/chat/sessions/${id}/tags/urgent`).expect(204);
  await client.put(`/chat/sessions/${id}/assignee`).send({ team_id: null }).expect(200);
  await setTier('silver');
  expect(await dueAfter()).toBeNull();
  await setTier('gold');
  expect(await dueAfter()).toEqual([gold, 4 * HOUR]);
  const silver = { ...contact, custom_data: { tier: 'silver' } };
  await client
    .post('/contacts/bulk')
    .send({ contacts: [{ email: 'other@example.com' }, silver] })
    .expect(200);
  expect(await dueAfter()).toBeNull();
  await setTier('gold');
  await here.setStatus(id, 'closed_resolved');
  await setTier(null);
  expect(await slaOf(here, id)).toMatchObject({ policy_id: gold, resolution: { state: 'fulfilled' } });
});

it('contact data of a verified message match a policy too', async () => {
  const here = await Conversations.of(server);
  const gold = await newPolicy(here, { conditions: { contact_custom_data: { tier: 'gold' } } });
  const id = await here.start({ verified: true });
  await here.send(id, 'contact', { contact: { email: 'new@example.com', custom_data: { tier: 'gold' } } });
  expect(await slaOf(here, id)).toMatchObject({ policy_id: gold, first_reply: { state: 'active' } });
});

it('a policy that matches late counts from its own creation, and neither judges twice nor again', async () => {
  const here = await Conversations.of(server);
  await here.client.put('/tags').send({ tag_name: 'late' }).expect(200);
  const id = await here.start();
  await server.database.pool.query(
    `UPDATE chat_sessions SET created_at = now() - interval '1 day', reply_due_since = now() - interval '1 day'
     WHERE id = $1`,
    [id],
  );
  await newPolicy(here, { name: 'Old', conditions: { tags: ['late'] } });
  await here.client.put(`/chat/sessions/${id}/tags/late`).expect(200);
  expect(await slaOf(here, id)).toMatchObject({ first_reply: { state: 'active' }, resolution: { state: 'active' } });
  await age(id, 2 * HOUR);
  await record();
  await here.client.delete(`/chat/sessions/${id}/tags/late`).expect(204);
  await record();
  expect(await slaOf(here, id)).toMatchObject({ first_reply: { state: 'breached' }, resolution: null });
});

it('closing ends the first-reply clock, and an answered session gets no second one', async () => {
  const here = await Conversations.of(server);
  await newPolicy(here);
  const unanswered = await here.start();
  await here.send(unanswered, 'contact');
  await here.setStatus(unanswered, 'closed_unresolved');
  await age(unanswered, 2 * HOUR);
  await record();
  expect(await slaOf(here, unanswered)).toMatchObject({ first_reply: { state: 'fulfilled' } });
  expect(told.filter((line) => line.endsWith(unanswered))).toEqual([]);
  const other = await Conversations.of(server);
  const answered = await other.start();
  await other.send(answered, 'agent');
  await other.client.put('/tags').send({ tag_name: 'late' }).expect(200);
  await newPolicy(other);
  await other.send(answered, 'contact');
  await other.client.put(`/chat/sessions/${answered}/tags/late`).expect(200);
  expect(await slaOf(other, answered)).toMatchObject({ first_reply: null, resolution: { state: 'active' } });
});

it('a breach is recorded and published once by concurrent checks', async () => {
  const here = await Conversations.of(server);
  await newPolicy(here);
  const ids: string[] = [];
  for (let count = 0; count < 5; count++) ids.push(await here.start());
  for (const id of ids) await age(id, 2 * HOUR);
  const idle = await here.start();
  await Promise.all([record(), other.record(), record(), other.record()]);
  await record();
  const ofThese = told.filter((line) => [...ids, idle].some((id) => line.endsWith(id)));
  expect(ofThese.toSorted()).toEqual(ids.map((id) => `sla.first_reply_breached ${id}`).toSorted());
  expect(await slaOf(here, ids[0]!)).toMatchObject({
    first_reply: { state: 'breached', completed_at: null },
    resolution: { state: 'active' },
  });
  await here.send(ids[0]!, 'agent');
  expect(await slaOf(here, ids[0]!)).toMatchObject({ first_reply: { state: 'completed_after_breach' } });
  expect(told.filter((line) => line.endsWith(ids[0]!))).toHaveLength(1);
});

it('a breach found at completion is published once', async () => {
  const here = await Conversations.of(server);
  await newPolicy(here);
  const id = await here.start();
  await age(id, 5 * HOUR);
  await Promise.all([here.setStatus(id, 'closed_resolved'), record(), other.record()]);
  await here.setStatus(id, 'open');
  await record();
  expect(told.filter((line) => line.endsWith(id)).toSorted()).toEqual([
    `sla.first_reply_breached ${id}`,
    `sla.resolution_breached ${id}`,
  ]);
  expect(await slaOf(here, id)).toMatchObject({ resolution: { state: 'breached', completed_at: null } });
});

it('a breach whose event fails is not recorded, and is found again', async () => {
  const here = await Conversations.of(server);
  await newPolicy(here, { targets: { resolution_seconds: HOUR } });
  const id = await here.start();
  await age(id, 2 * HOUR);
  let isRefusing = true;
  server.app.get(DomainEventBus).listen('sla.resolution_breached', async (_, { sessionId }) => {
    if (isRefusing && sessionId === id) throw new Error('refused by a listener');
  });
  await expect(record()).rejects.toThrow('refused by a listener');
  expect(await slaOf(here, id)).toMatchObject({ resolution: { state: 'active' } });
  isRefusing = false;
  await record();
  expect(await slaOf(here, id)).toMatchObject({ resolution: { state: 'breached' } });
});

it('deleting a policy keeps breaches in the report, recorded or not', async () => {
  const here = await Conversations.of(server);
  const policy = await newPolicy(here, { targets: { resolution_seconds: HOUR } });
  const [recorded, overdue, running] = [await here.start(), await here.start(), await here.start()];
  await age(recorded, 2 * HOUR);
  await record();
  await age(overdue, 2 * HOUR);
  await here.client.delete(`/sla/policies/${policy}`).expect(204);
  expect(await slaOf(here, running)).toBeNull();
  await record();
  const { body } = await here.client.get('/sla/analytics').expect(200);
  expect(body).toMatchObject({ compliance: { resolution: { breached: 2, active: 0, rate: 0 } } });
  await here.setStatus(recorded, 'closed_resolved');
  const late = { policy_id: null, resolution: { state: 'completed_after_breach', completed_at: expect.any(String) } };
  expect(await slaOf(here, recorded)).toMatchObject(late);
  await here.setStatus(recorded, 'open');
  expect(await slaOf(here, recorded)).toMatchObject(late);
});

it('deleting a policy removes running clocks from its sessions, and keeps finished ones', async () => {
  const here = await Conversations.of(server);
  const policy = await newPolicy(here);
  const replied = await here.start();
  await here.send(replied, 'agent');
  const running = await here.start();
  await here.client.delete(`/sla/policies/${policy}`).expect(204);
  expect(await slaOf(here, running)).toBeNull();
  expect(await slaOf(here, replied)).toMatchObject({
    policy_id: null,
    first_reply: { state: 'fulfilled' },
    resolution: null,
  });
});

it('a policy can be deleted while sessions start with it', async () => {
  const here = await Conversations.of(server);
  const policy = await newPolicy(here);
  const begun = Promise.all(Array.from({ length: 20 }, () => here.start()));
  await here.client.delete(`/sla/policies/${policy}`).expect(204);
  for (const id of await begun) expect(await slaOf(here, id)).toBeNull();
});

it('the clocks of an archived org are not checked', async () => {
  const here = await Conversations.of(server);
  await newPolicy(here);
  const id = await here.start();
  await age(id, 5 * HOUR);
  await server.as(here.org.partner.key).delete(`/partner/v1/orgs/${here.org.id}`).expect(204);
  await record();
  expect(told.filter((line) => line.endsWith(id))).toEqual([]);
});

it('the report of an org without sessions has zeros and nulls', async () => {
  const { client } = await Conversations.of(server);
  const none = { fulfilled: 0, breached: 0, completed_after_breach: 0, active: 0, rate: null };
  const unknown = { p50: null, p90: null, p95: null };
  expect((await client.get('/sla/analytics').expect(200)).body).toEqual({
    coverage_rate: 0,
    total_sessions: 0,
    sla_sessions: 0,
    compliance: { overall: null, first_reply: none, resolution: none },
    percentiles: { first_reply: unknown, resolution: unknown },
  });
});

it('the report has compliance and percentiles by policy, team, channel and day of a time zone', async () => {
  const here = await Conversations.of(server);
  const uncovered = await here.start({ channel: { type: 'web' } });
  const policy_id = await newPolicy(here, { conditions: { channels: ['sms'] } });
  const ids: string[] = [];
  for (let count = 0; count < 4; count++) ids.push(await here.start({ channel: { type: 'sms' } }));
  const set = (id: string, metric: string, state: string, seconds: number | null) =>
    server.database.pool.query(
      `UPDATE sla_clocks SET state = $3, used_seconds = coalesce($4, 0),
         completed_at = CASE WHEN $4 IS NOT NULL THEN now() END WHERE session_id = $1 AND metric = $2`,
      [id, metric, state, seconds],
    );
  await set(ids[0]!, 'first_reply', 'fulfilled', 100);
  await set(ids[1]!, 'first_reply', 'fulfilled', 200);
  await set(ids[2]!, 'first_reply', 'completed_after_breach', 4_000);
  await set(ids[3]!, 'first_reply', 'breached', null);
  await set(ids[0]!, 'resolution', 'fulfilled', 1_000);
  const report = async (query = '') => (await here.client.get(`/sla/analytics?${query}`).expect(200)).body as object;
  expect(await report()).toEqual({
    coverage_rate: 0.8,
    total_sessions: 5,
    sla_sessions: 4,
    compliance: {
      overall: 0.6,
      first_reply: { fulfilled: 2, breached: 1, completed_after_breach: 1, active: 0, rate: 0.5 },
      resolution: { fulfilled: 1, breached: 0, completed_after_breach: 0, active: 3, rate: 1 },
    },
    percentiles: {
      first_reply: { p50: 200, p90: 3_240, p95: 3_620 },
      resolution: { p50: 1_000, p90: 1_000, p95: 1_000 },
    },
  });
  expect(await report('channel=web')).toMatchObject({ total_sessions: 1, sla_sessions: 0, coverage_rate: 0 });
  expect(await report(`policy_id=${policy_id}`)).toMatchObject({ total_sessions: 5, sla_sessions: 4 });
  expect(await report(`policy_id=${UNKNOWN_ID}`)).toMatchObject({ total_sessions: 5, sla_sessions: 0 });
  expect(await report(`team_id=${UNKNOWN_ID}`)).toMatchObject({ total_sessions: 0 });
  // 15 January, 23:30 in New York.
  await server.database.pool.query(`UPDATE chat_sessions SET created_at = '2026-01-16T04:30:00Z' WHERE id = $1`, [
    uncovered,
  ]);
  const day = 'start_date=2026-01-15&end_date=2026-01-15';
  expect(await report(day)).toMatchObject({ total_sessions: 0 });
  expect(await report(`${day}&timezone=America/New_York`)).toMatchObject({ total_sessions: 1 });
  expect(await report('end_date=2026-02-14')).toMatchObject({ total_sessions: 1 });
  expect(await report('end_date=2026-02-16')).toMatchObject({ total_sessions: 0 });
  await here.client.get('/sla/analytics?timezone=Nowhere/Land').expect(400);
  await here.client.get('/sla/analytics?policy_id=x').expect(400);
  await here.client.get('/sla/analytics?start_date=2026-02-01&end_date=2026-01-01').expect(400);
});

it('a policy with a team of another org is refused by field, on create and on update', async () => {
  const [of, elsewhere] = [await Conversations.of(server), await Conversations.of(server)];
  const team = async ({ client }: Conversations) =>
    ((await client.post('/teams').send({ name: 'Support' }).expect(201)).body as { id: string }).id;
  const [own, foreign] = [await team(of), await team(elsewhere)];
  const id = await newPolicy(of, { conditions: { team_ids: [own] } });
  const targets = { first_reply_seconds: HOUR };
  for (const unknown of [foreign, UNKNOWN_ID]) {
    const conditions = { team_ids: [own, unknown] };
    const message = `conditions.team_ids: unknown team ${unknown}`;
    for (const refused of [
      of.client.post('/sla/policies').send({ name: 'Refused', targets, conditions }),
      of.client.patch(`/sla/policies/${id}`).send({ conditions }),
    ]) {
      expect((await refused.expect(400)).body.errors).toEqual([{ field: 'conditions.team_ids', message }]);
    }
  }
  const { items } = (await of.client.get('/sla/policies').expect(200)).body;
  expect(items).toMatchObject([{ id, conditions: { team_ids: [own] } }]);
});
