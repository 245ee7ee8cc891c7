import { beforeEach, describe, expect, it } from 'vitest';
import type { NewManagedKey } from '../../src/tenancy/api-keys/key-view.dto.js';
import { createAgent, createKey, pairHeaders, readKey, type Signed, signedInAs } from '../support/manage.js';
import { changeBySql } from '../support/sql-change.js';
import { type TestOrg, TestServer } from '../support/start-app.js';

const KEYS = '/manage/v1/api-keys';
const DAY_MS = 86_400_000;

type Headers = Record<string, string>;

const server = TestServer.forSuite();
let org: TestOrg;
let admin: Signed;
beforeEach(async () => {
  org = await server.newOrg();
  admin = await signedInAs(server, org, 'Admin');
});

const bearer = (token: string): Headers => ({ Authorization: `Bearer ${token}` });
const headersOf = (key: NewManagedKey) => (key.api_secret ? pairHeaders(key) : bearer(key.api_key));
const whoami = (headers: Headers) => server.http.get('/whoami').set(headers);
const rotate = async (id: string, body: object = {}) =>
  (await admin.post(`${KEYS}/${id}/rotate`).send(body).expect(200)).body as NewManagedKey;
const setOldEnd = (id: string, end: string) => {
  const sql = `update key_credentials set retires_at = ${end} where key_id = $1 and rotated_at is not null`;
  return changeBySql(server, sql, [id]);
};
const statuses = async (...all: Headers[]) => Promise.all(all.map(async (each) => (await whoami(each)).status));

/** Creates a key of each form. */
const FORMS: Record<string, () => Promise<{ id: string; headers: Headers; form: RegExp }>> = {
  'an opaque key': async () => {
    const key = await createKey(admin);
    return { id: key.id, headers: headersOf(key), form: /^ocx_live_/ };
  },
  'a typed key': async () => {
    const key = await createKey(admin, { type: 'telephony' });
    return { id: key.id, headers: headersOf(key), form: /^ocx_live_/ };
  },
  'a JWT that a partner made': async () => {
    const { id, key } = await server.newOrgKey(org);
    return { id, headers: bearer(key), form: /^eyJ/ };
  },
  'a key with a secret': async () => {
    const agent_id = await createAgent(admin);
    const key = await createKey(admin, { kind: 'key_secret', agent_id });
    return { id: key.id, headers: headersOf(key), form: /^ocx_key_/ };
  },
};

describe.each(Object.entries(FORMS))('rotating %s', (_what, make) => {
  it('returns a new credential of the same form; both work, and only the old one announces its end', async () => {
    const { id, headers: old, form } = await make();
    const before = (await whoami(old).expect(200)).body;
    const answer = await admin.post(`${KEYS}/${id}/rotate`).expect(200);
    expect(answer.headers['cache-control']).toBe('no-store');
    const rotated = answer.body as NewManagedKey;
    expect(rotated).toMatchObject({ id, state: 'active', acknowledged: false });
    expect(rotated.api_key).toMatch(form);
    expect(rotated.masked_key).not.toBe(before.masked_key);

    const [byOld, byNew] = [await whoami(old).expect(200), await whoami(headersOf(rotated)).expect(200)];
    const { last_used_at: _one, ...seenByOld } = byOld.body;
    const { last_used_at: _other, ...seenByNew } = byNew.body;
    expect(seenByOld).toEqual(seenByNew);
    expect([byNew.headers['deprecation'], byNew.headers['sunset']]).toEqual([undefined, undefined]);

    const deprecation = /^@(\d+)$/.exec(byOld.headers['deprecation']!)!;
    expect(Math.abs(Number(deprecation[1]) * 1_000 - Date.now())).toBeLessThan(60_000);
    const sunset = byOld.headers['sunset']!;
    expect(new Date(sunset).toUTCString()).toBe(sunset);
    expect(Math.abs(Date.parse(sunset) - Date.now() - DAY_MS)).toBeLessThan(60_000);
  });

  it('ends the old credential on time, cached or not, and keeps the new one', async () => {
    const { id, headers: old } = await make();
    const fresh = headersOf(await rotate(id, { grace_seconds: 60 }));
    expect(await statuses(old, fresh)).toEqual([200, 200]);
    await setOldEnd(id, `now() + interval '1 hour'`);
    expect(await statuses(old, fresh)).toEqual([200, 200]);
    await setOldEnd(id, 'now()');
    expect(await statuses(old, fresh)).toEqual([401, 200]);
  });

  it('without a grace period ends the old credential before the call returns', async () => {
    const { id, headers: old } = await make();
    await whoami(old).expect(200);
    const fresh = headersOf(await rotate(id, { grace_seconds: 0 }));
    expect(await statuses(old, fresh)).toEqual([401, 200]);
  });

  it('keeps one key in lists, limits, usage and the audit, and revoking it ends both credentials', async () => {
    const { id, headers: old } = await make();
    const rotated = await rotate(id);
    const fresh = headersOf(rotated);
    for (const headers of [old, fresh, old]) await whoami(headers).expect(200);
    const { items } = (await admin.get(KEYS).expect(200)).body;
    expect(items).toMatchObject([{ id, usage: { last_24_hours: 3 }, masked_key: rotated.masked_key }]);
    const standing = /"key-min";r=(\d+)/;
    const [one] = standing
      .exec((await whoami(old)).headers['ratelimit']!)!
      .slice(1)
      .map(Number);
    const [next] = standing
      .exec((await whoami(fresh)).headers['ratelimit']!)!
      .slice(1)
      .map(Number);
    expect(next).toBe(one! - 1);
    const audit = (await admin.get(`/manage/v1/audit?api_key_id=${id}&action=api_key.rotated`).expect(200)).body;
    expect(audit.items).toMatchObject([{ changes: { masked_key: { after: rotated.masked_key } } }]);
    await admin.delete(`${KEYS}/${id}`).expect(204);
    expect(await statuses(old, fresh)).toEqual([401, 401]);
  });
});

describe('the grace period of a rotated credential', () => {
  it('is a day by default, at most a week, and 400 for other values', async () => {
    const { id } = await createKey(admin);
    await rotate(id, { grace_seconds: 604_800 });
    for (const grace_seconds of [-1, 604_801, 1.5, '60', null, true]) {
      const { body } = await admin.post(`${KEYS}/${id}/rotate`).send({ grace_seconds }).expect(400);
      expect(body.errors[0].field).toBe('grace_seconds');
    }
  });

  it("is limited by the key's expiry, also after a change of it, as the Sunset header says", async () => {
    const expiresAt = new Date(Math.ceil(Date.now() / 1_000) * 1_000 + 3_600_000);
    const key = await createKey(admin, { expires_at: expiresAt.toISOString() });
    const fresh = headersOf(await rotate(key.id));
    const old = headersOf(key);
    expect((await whoami(old).expect(200)).headers['sunset']).toBe(expiresAt.toUTCString());
    const sooner = new Date(expiresAt.getTime() - 60_000);
    await admin.patch(`${KEYS}/${key.id}`).send({ expires_at: sooner.toISOString() }).expect(200);
    expect((await whoami(old).expect(200)).headers['sunset']).toBe(sooner.toUTCString());
    await changeBySql(server, 'update api_keys set expires_at = now() where id = $1', [key.id]);
    expect(await statuses(old, fresh)).toEqual([401, 401]);
  });

  it('is never extended by the next rotation', async () => {
    const first = await createKey(admin);
    const second = await rotate(first.id, { grace_seconds: 3_600 });
    const third = await rotate(first.id, { grace_seconds: 604_800 });
    const sunsets = async () =>
      Promise.all(
        [first, second, third].map(async (key) => (await whoami(headersOf(key)).expect(200)).headers['sunset']),
      );
    const [one, other, none] = await sunsets();
    expect(Date.parse(one!) - Date.now()).toBeLessThanOrEqual(3_600_000);
    expect(Date.parse(other!) - Date.now()).toBeGreaterThan(6 * DAY_MS);
    expect(none).toBe(undefined);
    const fourth = await rotate(first.id, { grace_seconds: 0 });
    expect(await statuses(...[first, second, third, fourth].map(headersOf))).toEqual([401, 401, 401, 200]);
  });

  it('leaves at most ten rows once it is over', async () => {
    const { id } = await createKey(admin);
    for (let times = 0; times < 7; times++) {
      await rotate(id, { grace_seconds: 1 });
      await setOldEnd(id, 'now()');
      await rotate(id, { grace_seconds: 0 });
    }
    await rotate(id);
    const sql = 'select ended_at from key_credentials where key_id = $1';
    const { rows } = await server.database.pool.query<{ ended_at: Date | null }>(sql, [id]);
    expect(Object.groupBy(rows, ({ ended_at }) => (ended_at === null ? 'live' : 'ended'))).toMatchObject({
      live: { length: 2 },
      ended: { length: 10 },
    });
  });

  it('never begins again, whatever the clock says', async () => {
    const key = await createKey(admin);
    const old = headersOf(key);
    await rotate(key.id, { grace_seconds: 0 });
    await setOldEnd(key.id, `now() + interval '1 hour'`);
    expect(await statuses(old)).toEqual([401]);
    const second = await rotate(key.id, { grace_seconds: 60 });
    await setOldEnd(key.id, 'now()');
    await rotate(key.id);
    await setOldEnd(key.id, `now() + interval '1 hour'`);
    expect(await statuses(old, headersOf(second))).toEqual([401, 200]);
  });

  it('is announced on error responses too', async () => {
    const key = await createKey(admin);
    await rotate(key.id);
    for (const [path, status] of [
      ['/tags', 403],
      ['/contacts?limit=0', 400],
      [`/contacts/${key.id}`, 404],
    ] as const) {
      const { headers } = await server.as(key.api_key).get(path).expect(status);
      expect([headers['deprecation'], headers['sunset']]).toEqual([expect.any(String), expect.any(String)]);
    }
  });
});

it('concurrent rotations each return a working credential with its own end', async () => {
  const key = await createKey(admin);
  const made = await Promise.all(Array.from({ length: 5 }, () => rotate(key.id, { grace_seconds: 60 })));
  const answers = await Promise.all([key, ...made].map((each) => whoami(headersOf(each)).expect(200)));
  expect(answers.filter(({ headers }) => headers['sunset'] === undefined)).toHaveLength(1);
  expect((await readKey(admin, key.id)).masked_key).toMatch(/^ocx_live_…/);
});

describe('the expiry of a key', () => {
  const LAST = '9999-12-31T23:59:59.999Z';

  it('may be the last instant of year 9999, is the same on every route, and remains after a rotation', async () => {
    const key = await createKey(admin, { expires_at: LAST });
    await rotate(key.id, { grace_seconds: 60 });
    const old = await whoami(headersOf(key)).expect(200);
    expect(Date.parse(old.headers['sunset']!)).toBeLessThan(Date.now() + 120_000);
    const { items } = (await admin.get(KEYS).expect(200)).body;
    const { data } = (await server.as(org.partner.key).get(`/partner/v1/orgs/${org.id}/api-keys`).expect(200)).body;
    const edited = (await admin.patch(`${KEYS}/${key.id}`).send({ name: 'Renamed' }).expect(200)).body;
    const shown = [key, old.body, items[0], data[0], edited, await readKey(admin, key.id)];
    expect(shown.map(({ expires_at }) => expires_at)).toEqual(shown.map(() => LAST));
    await setOldEnd(key.id, 'now()');
    expect(await statuses(headersOf(key))).toEqual([401]);
  });

  it('is 400 beyond year 9999 in UTC, on every route that sets it', async () => {
    const far = { expires_at: '9999-12-31T23:59:59-05:00' };
    const key = await createKey(admin);
    await admin
      .post(KEYS)
      .send({ name: 'Far', access: 'full', ...far })
      .expect(400);
    await admin.patch(`${KEYS}/${key.id}`).send(far).expect(400);
    await server.as(org.partner.key).post(`/partner/v1/orgs/${org.id}/api-keys`).send(far).expect(400);
  });

  it.each(["'infinity'", "'10000-01-01T04:59:59Z'", "'0044-03-15T00:00:00Z BC'"])(
    'is refused by the database if it is %s',
    async (end) => {
      const key = await createKey(admin);
      const sql = `update api_keys set expires_at = ${end} where id = $1`;
      await expect(server.database.pool.query(sql, [key.id])).rejects.toThrow('api_keys_years');
    },
  );

  // Must be the last test of this file, because it drops constraints.
  it.each(["'infinity'", "'10000-01-01T04:59:59Z'"])(
    'has passed if a database without that constraint has %s, cached or not',
    async (end) => {
      await server.owner.query(`
        alter table api_keys drop constraint if exists api_keys_years;
        alter table key_credentials drop constraint if exists key_credentials_years;`);
      const [key, rotated] = [await createKey(admin), await createKey(admin)];
      await rotate(rotated.id, { grace_seconds: 60 });
      expect(await statuses(headersOf(key), headersOf(rotated))).toEqual([200, 200]);
      await changeBySql(server, `update api_keys set expires_at = ${end} where id = $1`, [key.id]);
      await setOldEnd(rotated.id, end);
      for (const headers of [headersOf(key), headersOf(rotated)]) {
        const answer = await whoami(headers).expect(401);
        expect(JSON.stringify(answer.headers)).not.toMatch(/Invalid|NaN/);
      }
      await admin.post(`${KEYS}/${key.id}/rotate`).expect(409);
    },
  );
});
