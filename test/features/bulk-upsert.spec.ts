import { randomUUID } from 'node:crypto';
import { beforeAll, describe, expect, it } from 'vitest';
import { SqlCount } from '../support/sql-count.js';
import { type Client, type TestOrg, TestServer } from '../support/start-app.js';
import { until } from '../support/until.js';
import { NO_OP, WorkflowsOf } from '../support/workflows.js';

interface Result {
  readonly results: readonly {
    readonly index: number;
    readonly status: string;
    readonly id: string | null;
    readonly error: { readonly code: string; readonly message: string } | null;
  }[];
  readonly summary: Readonly<Record<string, number>>;
}
type Row = Readonly<Record<string, unknown>>;
type List = 'contacts' | 'leads';

const LISTS: readonly List[] = ['contacts', 'leads'];
const server = TestServer.forSuite();
let org: TestOrg;
let client: Client;

beforeAll(async () => {
  org = await server.newOrg();
  client = await server.newClient(org);
});

const guest = () => `${randomUUID()}@guest.example`;
const phone = () => `+49${Math.floor(1e9 + Math.random() * 9e9)}`;
const statuses = ({ results }: Result) => results.map(({ status }) => status);
const messages = ({ results }: Result) => results.map(({ error }) => error?.message ?? null);

/** Sent as text, because the document has valid rows only. */
const send = (list: List, rows: readonly unknown[], by = client) =>
  by
    .post(`/${list}/bulk`)
    .set('Content-Type', 'application/json')
    .send(JSON.stringify({ [list]: rows }));

async function upsert(list: List, rows: readonly unknown[], by = client): Promise<Result> {
  return (await send(list, rows, by).expect(200)).body as Result;
}

async function read(list: List, id: string | null, by = client): Promise<Row> {
  return (await by.get(`/${list}/${id}`).expect(200)).body as Row;
}

async function stored(list: List, orgId = org.id): Promise<number> {
  const sql = `SELECT count(*)::int AS count FROM ${list} WHERE org_id = $1`;
  return (await server.database.query(sql, [orgId])).rows[0]!['count'] as number;
}

describe.each(LISTS)('POST /%s/bulk', (list) => {
  const named = (fields: Row): Row => ({ name: 'Sam', ...fields });
  const phoneField = list === 'contacts' ? 'phone_number' : 'phone';

  it('creates unknown rows, and changes the fields of those with their e-mail address or phone number', async () => {
    const [mail, number] = [guest(), phone()];
    const first = await upsert(list, [named({ email: mail }), named({ phone: number })]);
    expect(statuses(first)).toEqual(['created', 'created']);
    expect(await read(list, first.results[0]!.id)).toMatchObject({ name: 'Sam', email: mail, [phoneField]: null });
    const rows = [{ name: 'Ada', email: mail.toUpperCase() }, named({ phone: number, email: guest() }), named({})];
    const second = await upsert(list, [...rows, named({ email: guest() })]);
    expect(second.results.map(({ index }) => index)).toEqual([0, 1, 2, 3]);
    expect(statuses(second)).toEqual(['updated', 'updated', 'failed', 'created']);
    expect(second.summary).toEqual({ created: 1, updated: 2, unchanged: 0, failed: 1 });
    expect(second.results.slice(0, 2).map(({ id }) => id)).toEqual(first.results.map(({ id }) => id));
    expect(await read(list, first.results[0]!.id)).toMatchObject({ name: 'Ada', email: mail, [phoneField]: null });
    expect(await read(list, first.results[1]!.id)).toMatchObject({ name: 'Sam', email: rows[1]!['email'] });
  });

  it('leaves a row that has the values already, with its time of change', async () => {
    const row = named({ email: guest(), phone: phone() });
    const { results } = await upsert(list, [row]);
    const before = await read(list, results[0]!.id);
    expect(statuses(await upsert(list, [row]))).toEqual(['unchanged']);
    expect(await read(list, results[0]!.id)).toEqual(before);
  });

  it('null clears a field, also an address if the other one finds the row', async () => {
    const row = named({ email: guest(), phone: phone() });
    const { results } = await upsert(list, [row]);
    expect(statuses(await upsert(list, [{ ...row, phone: null }]))).toEqual(['updated']);
    expect(await read(list, results[0]!.id)).toMatchObject({ email: row['email'], [phoneField]: null });
  });

  it('an invalid row fails alone, with the reason', async () => {
    const before = await stored(list);
    const result = await upsert(list, [
      named({ email: 'x' }),
      named({ email: guest(), phone: '030 1' }),
      named({}),
      named({ email: guest(), colour: 'red' }),
      named({ email: guest() }),
    ]);
    expect(statuses(result)).toEqual(['failed', 'failed', 'failed', 'failed', 'created']);
    expect(messages(result)).toEqual([
      `${list}.0.email must be an email`,
      `${list}.1.phone must be a phone number in E.164 format`,
      expect.stringMatching(new RegExp(`^${list}\\.2\\.(email or|phone or) .* is required$`)),
      `${list}.3.colour is not a known field`,
      null,
    ]);
    expect(result.results[0]!.error!.code).toBe('invalid_request');
    expect(await stored(list)).toBe(before + 1);
  });

  it('a row fails that has the e-mail address of one stored row and the phone number of another', async () => {
    const [one, other] = [named({ email: guest() }), named({ phone: phone() })];
    await upsert(list, [one, other]);
    const { results } = await upsert(list, [{ ...other, ...one }, named({ email: guest() })]);
    const message = `${list === 'contacts' ? 'Contact' : 'Lead'} with this phone already exists`;
    expect(results.map(({ error }) => error)).toEqual([{ code: 'taken', message }, null]);
  });

  it('the second row with an address fails, and so does the second one for a stored row', async () => {
    const [mail, number] = [guest(), phone()];
    const twins = await upsert(list, [
      named({ email: mail, phone: number }),
      named({ email: mail.toUpperCase() }),
      named({ email: guest(), phone: number }),
    ]);
    expect(statuses(twins)).toEqual(['created', 'failed', 'failed']);
    const again = await upsert(list, [
      named({ email: mail, phone: phone() }),
      named({ email: guest(), phone: number }),
    ]);
    expect(statuses(again)).toEqual(['updated', 'failed']);
    const label = list === 'contacts' ? 'contact' : 'lead';
    expect(messages(again)[1]).toBe(`${list}.1 repeats ${list}.0: give each ${label} once`);
  });

  it.each([
    ['no row', [], 'must contain at least 1 elements'],
    ['1,001 rows', Array.from({ length: 1_001 }, () => ({})), 'must contain no more than 1000 elements'],
    ['a row that is a text', [{ email: 'a@b.example' }, 'x'], 'must be a list of objects'],
    ['a row that is null', [null], 'must be a list of objects'],
    ['a row that is a list', [[]], 'must be a list of objects'],
  ])('refuses %s as a whole', async (_what, rows, problem) => {
    const before = await stored(list);
    const { body } = await send(list, rows).expect(400);
    expect((body as { errors: object[] }).errors).toEqual([{ field: list, message: `${list} ${problem}` }]);
    expect(await stored(list)).toBe(before);
  });

  it('neither finds nor changes the rows of another org', async () => {
    const elsewhere = await server.newOrg();
    const theirs = await server.newClient(elsewhere);
    const row = named({ email: guest(), phone: phone() });
    const { results } = await upsert(list, [row], theirs);
    const before = await read(list, results[0]!.id, theirs);
    expect(statuses(await upsert(list, [{ ...row, name: 'Ours' }]))).toEqual(['created']);
    expect(await read(list, results[0]!.id, theirs)).toEqual(before);
    expect(await stored(list, elsewhere.id)).toBe(1);
  });

  it('concurrent calls with the same rows in any order make no twins, and none fails', async () => {
    const rows = Array.from({ length: 200 }, (_, index) => named(index % 2 ? { email: guest() } : { phone: phone() }));
    const before = await stored(list);
    const orders = [rows, rows.toReversed(), rows, rows.toReversed()];
    const answers = await Promise.all(orders.map((each) => upsert(list, each)));
    expect(answers.map(({ summary }) => summary['created']).toSorted((one, other) => one! - other!)).toEqual([
      0, 0, 0, 200,
    ]);
    expect(answers.map(({ summary }) => summary['failed'])).toEqual([0, 0, 0, 0]);
    expect(await stored(list)).toBe(before + 200);
  });

  it('a repeated Idempotency-Key gets the first answer', async () => {
    const rows = [named({ email: guest() })];
    const once = () =>
      send(list, rows)
        .set('Idempotency-Key', rows[0]!['email'] as string)
        .expect(200);
    const first = await once();
    expect((await once()).body).toEqual(first.body);
    expect(statuses(first.body as Result)).toEqual(['created']);
  });

  it('takes as many statements for 1,000 rows as for one', async () => {
    const made = (count: number) => Array.from({ length: count }, () => named({ email: guest(), phone: phone() }));
    const sql = SqlCount.start();
    try {
      const one = await sql.during(() => upsert(list, made(1)));
      const many = await sql.during(() => upsert(list, made(1_000)));
      expect(many).toEqual(one);
    } finally {
      sql.stop();
    }
  });

  it('needs the scope to write', async () => {
    const { key } = await server.newOrgKey(org, { scopes: [`${list}:read`] });
    await server
      .as(key)
      .post(`/${list}/bulk`)
      .send({ [list]: [named({ email: guest() })] })
      .expect(403);
  });
});

describe('bulk contacts', () => {
  it('merge custom data, and fail alone if that has too many keys', async () => {
    const keys = (from: number, count: number) =>
      Object.fromEntries(Array.from({ length: count }, (_, index) => [`k${from + index}`, 'x']));
    const rows = [
      { email: guest(), custom_data: { plan: 'pro', seat: '1' } },
      { email: guest(), custom_data: keys(0, 50) },
    ];
    const { results } = await upsert('contacts', rows);
    const changed = await upsert('contacts', [
      { ...rows[0], custom_data: { seat: '2' } },
      { ...rows[1], custom_data: keys(50, 1) },
    ]);
    expect(statuses(changed)).toEqual(['updated', 'failed']);
    expect(messages(changed)[1]).toContain('contacts.1.custom_data must be an object of at most 50 texts');
    expect(await read('contacts', results[0]!.id)).toMatchObject({ custom_data: { plan: 'pro', seat: '2' } });
    expect(await read('contacts', results[1]!.id)).toMatchObject({ custom_data: keys(0, 50) });
  });

  it('can be mailed again with another e-mail address', async () => {
    const row = { email: guest(), phone: phone() };
    const { results } = await upsert('contacts', [row]);
    const sql = "UPDATE contacts SET undeliverable_at = now(), undeliverable_reason = 'Bounced.' WHERE id = $1";
    await server.owner.query(sql, [results[0]!.id]);
    await upsert('contacts', [{ ...row, name: 'Ada' }]);
    expect(await read('contacts', results[0]!.id)).toMatchObject({ undeliverable_at: expect.any(String) });
    await upsert('contacts', [{ ...row, email: guest() }]);
    expect(await read('contacts', results[0]!.id)).toMatchObject({ undeliverable_at: null });
  });

  it('created while single requests create them too are found and changed', async () => {
    const rows = Array.from({ length: 60 }, () => ({ email: guest(), name: 'Bulk' }));
    const before = await stored('contacts');
    const single = rows.map(({ email }) => client.post('/contacts').send({ contact: { email } }));
    const [bulk, ...others] = await Promise.all([upsert('contacts', rows), ...single]);
    expect(bulk.summary['failed']).toBe(0);
    expect(others.filter(({ status }) => status !== 201 && status !== 409)).toEqual([]);
    const added = others.filter(({ status }) => status === 201).length;
    expect(bulk.summary).toEqual({ created: 60 - added, updated: added, unchanged: 0, failed: 0 });
    expect(await stored('contacts')).toBe(before + 60);
  });

  it('that a single request creates after the look are changed', async () => {
    const mail = guest();
    const other = await server.owner.connect();
    try {
      await other.query('BEGIN');
      const sql = 'INSERT INTO contacts (id, org_id, email) VALUES (gen_random_uuid(), $1, $2) RETURNING id';
      const { rows } = await other.query<{ id: string }>(sql, [org.id, mail]);
      const bulk = upsert('contacts', [{ email: guest() }, { email: mail, name: 'Bulk' }]);
      await untilSomeTransactionWaits();
      await other.query('COMMIT');
      const { results } = await bulk;
      expect(results.map(({ status }) => status)).toEqual(['created', 'updated']);
      expect(await read('contacts', results[1]!.id)).toMatchObject({ id: rows[0]!.id, name: 'Bulk' });
    } finally {
      other.release();
    }
  });

  it('that get an address which a single request takes after the look fail alone', async () => {
    const [mail, number] = [guest(), phone()];
    await upsert('contacts', [{ phone: number }]);
    const other = await server.owner.connect();
    try {
      await other.query('BEGIN');
      const sql = 'INSERT INTO contacts (id, org_id, email) VALUES (gen_random_uuid(), $1, $2)';
      await other.query(sql, [org.id, mail]);
      const bulk = upsert('contacts', [{ email: guest() }, { email: mail, phone: number }]);
      await untilSomeTransactionWaits();
      await other.query('COMMIT');
      const { results } = await bulk;
      expect(results.map(({ status, error }) => [status, error?.code])).toEqual([
        ['created', undefined],
        ['failed', 'taken'],
      ]);
    } finally {
      other.release();
    }
  });

  it('start the workflows that wait for new contacts, once per created one', async () => {
    const flows = new WorkflowsOf(client);
    const known = { email: guest() };
    await upsert('contacts', [known]);
    const workflow = await flows.active({ trigger_type: 'contact-created', workflow_blocks: NO_OP });
    await upsert('contacts', [known, { email: guest() }, { email: 'x' }, { phone: phone() }]);
    const hasEnded = async () => (await flows.runs(workflow)).filter((run) => run['run_ended_at'] !== null).length >= 2;
    await until('both runs have ended', hasEnded);
    expect(await flows.runs(workflow)).toHaveLength(2);
  });
});

describe('bulk leads', () => {
  it('change the newest lead with the address', async () => {
    const lead = { name: 'Sam', email: guest() };
    const [, newest] = [await client.post('/leads').send(lead), await client.post('/leads').send(lead)];
    const { results } = await upsert('leads', [{ ...lead, score: 90, status: 'qualified', tags: ['vip'] }]);
    expect(results).toEqual([{ index: 0, status: 'updated', id: (newest.body as { id: string }).id, error: null }]);
    const changed = { score: 90, status: 'qualified', tags: ['vip'], source: null };
    expect(await read('leads', results[0]!.id)).toMatchObject(changed);
  });

  it('that share a phone number are told apart by their e-mail addresses', async () => {
    const number = phone();
    const leads = [guest(), guest()].map((email) => ({ name: 'Sam', email, phone: number }));
    for (const lead of leads) await client.post('/leads').send(lead).expect(201);
    expect(statuses(await upsert('leads', [leads[0]]))).toEqual(['unchanged']);
  });
});

async function untilSomeTransactionWaits(): Promise<void> {
  const sql = `SELECT count(*)::int AS count FROM pg_stat_activity
    WHERE datname = current_database() AND wait_event_type = 'Lock'`;
  await until('a transaction waits for the lock', async () => {
    const { rows } = await server.owner.query<{ count: number }>(sql);
    return rows[0]!.count > 0;
  });
}
