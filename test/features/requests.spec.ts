import { beforeAll, describe, expect, it } from 'vitest';
import type { RequestView } from '../../src/insight/request-log/request-view.dto.js';
import { DENIED, storeRequests } from '../support/logged-requests.js';
import { createKey, type Signed, signedInAs } from '../support/manage.js';
import { type Client, type TestOrg, TestServer } from '../support/start-app.js';
import { OPERATOR } from '../../src/kit/audit/actor.js';
import { ApiKeys } from '../../src/tenancy/api-keys/api-keys.service.js';
import { UNKNOWN_ID } from '../support/unknown-id.js';

const REQUESTS = '/manage/v1/requests';
const BYTE_ORDER_MARK = '\uFEFF';

interface Page {
  readonly items: RequestView[];
  readonly next: string | null;
}

const server = TestServer.forSuite({ REQUEST_LOG: 'off' });
let org: TestOrg;
let member: Signed;
beforeAll(async () => {
  org = await server.newOrg();
  member = await signedInAs(server, org, 'Member');
});

/** An org of its own, whose log has only what the test stores. */
async function emptyLog(partner = org.partner) {
  const own = await server.newOrg(partner);
  const signed = await signedInAs(server, own, 'Member');
  const fields = { org_id: own.id, partner_id: own.partner.id };
  return { own, signed, fields };
}

const pageOf = async (client: Signed | Client, path: string) => (await client.get(path).expect(200)).body as Page;

async function idsOf(client: Signed | Client, path: string): Promise<string[]> {
  const ids: string[] = [];
  for (let cursor: string | null = ''; cursor !== null;) {
    const page: Page = await pageOf(
      client,
      cursor === '' ? path : `${path}${path.includes('?') ? '&' : '?'}cursor=${cursor}`,
    );
    ids.push(...page.items.map(({ id }) => id));
    cursor = page.next;
  }
  return ids;
}

describe('GET /manage/v1/requests', () => {
  it('shows what a request was, why it was refused, and with which key', async () => {
    const owner = await signedInAs(server, org, 'Owner');
    const key = await createKey(owner, { name: 'Booking engine' });
    const { rows } = await server.owner.query('SELECT id FROM key_credentials WHERE key_id = $1', [key.id]);
    const credential_id = (rows[0] as { id: string }).id;
    const caller = { api_key_id: key.id, credential_id, org_id: org.id, partner_id: org.partner.id };
    const [stored] = await storeRequests(server, [{ ...DENIED, ...caller, country: 'DE', weight: 3 }]);
    const { items } = await pageOf(member, `${REQUESTS}?api_key_id=${key.id}`);
    expect(items).toEqual([
      {
        id: stored!.id,
        at: stored!.at.toISOString(),
        request_id: stored!.request_id,
        method: 'POST',
        route: '/tags',
        service: null,
        status: 403,
        outcome: 'denied',
        code: 'scope_missing',
        refusal: { guard: 'scope', reason: 'scope_missing', message: DENIED.message },
        key: { id: key.id, name: 'Booking engine', masked_key: key.masked_key, credential_id },
        org_id: org.id,
        client_address: '203.0.113.7',
        country: 'DE',
        user_agent: 'curl/8.10',
        duration_ms: 1.5,
        weight: 3,
      },
    ]);
    expect((await member.get(`${REQUESTS}/${stored!.id}`).expect(200)).body).toEqual(items[0]);
    const ofKey = await pageOf(member, `/manage/v1/api-keys/${key.id}/requests`);
    expect(ofKey.items).toEqual(items);
  });

  it('is newest first, and its pages have each request once', async () => {
    const { signed, fields } = await emptyLog();
    const stored = await storeRequests(
      server,
      Array.from({ length: 25 }, () => fields),
    );
    expect(await idsOf(signed, `${REQUESTS}?limit=10`)).toEqual(stored.map(({ id }) => id).reverse());
  });

  it('filters by each field, and by several together', async () => {
    const { own, signed, fields } = await emptyLog();
    const key = await createKey(await signedInAs(server, own, 'Owner'));
    const day = (date: string) => new Date(`${date}T12:00:00Z`);
    const all = await storeRequests(server, [
      { ...fields, at: day('2026-03-01') },
      { ...fields, ...DENIED, api_key_id: key.id, credential_id: UNKNOWN_ID, at: day('2026-03-02') },
      {
        ...fields,
        status: 404,
        outcome: 'client_error',
        code: 'not_found',
        client_address: '2001:db8::1',
        at: day('2026-03-03'),
      },
      {
        ...fields,
        status: 503,
        outcome: 'server_error',
        service: 'invoices',
        route: '/invoices/{id}',
        at: day('2026-03-04'),
      },
    ]);
    const [allowed, denied, missing, failed] = all.map(({ id }) => id);
    const cases: Record<string, (string | undefined)[]> = {
      [`api_key_id=${key.id}`]: [denied],
      [`credential_id=${UNKNOWN_ID}`]: [denied],
      [`request_id=${all[2]!.request_id}`]: [missing],
      'method=POST': [denied],
      'route=/invoices/{id}': [failed],
      'status=404': [missing],
      'status=4xx': [missing, denied],
      'outcome=allowed': [allowed],
      'outcome=denied': [denied],
      'reason=scope_missing': [denied],
      'client_address=2001:DB8:0::1': [missing],
      'service=invoices': [failed],
      'from=2026-03-03': [failed, missing],
      'to=2026-03-02': [denied, allowed],
      'from=2026-03-02T12:00:00.000Z&to=2026-03-02T12:00:00.000Z': [denied],
      'status=4xx&outcome=client_error': [missing],
      'status=4xx&method=POST': [denied],
      'status=4xx&method=DELETE': [],
      'route=/contacts&status=404': [missing],
      'reason=scope_missing&status=5xx': [],
    };
    const found = await Promise.all(
      Object.keys(cases).map(async (query) => [
        query,
        await idsOf(signed, `${REQUESTS}?${query.replaceAll('{', '%7B').replaceAll('}', '%7D')}`),
      ]),
    );
    expect(Object.fromEntries(found)).toEqual(cases);
  });

  it('refuses filters that can match nothing, by their name', async () => {
    const invalid = [
      'status=600',
      'status=40',
      'outcome=fine',
      'reason=bad',
      'client_address=10.0.0',
      'from=yesterday',
      'api_key_id=1',
      'limit=0',
      'path=/tags',
    ];
    for (const query of invalid) {
      const { body } = await member.get(`${REQUESTS}?${query}`).expect(400);
      expect(JSON.stringify(body)).toContain(query.split('=')[0]);
    }
  });

  it('ends a call that finds too little, and its cursor goes on behind the requests that it examined', async () => {
    const { signed, fields } = await emptyLog();
    const [rare] = await storeRequests(server, [{ ...fields, method: 'DELETE', at: new Date('2026-02-01T00:00:00Z') }]);
    await server.owner.query("SELECT add_request_log_day('2026-02-02')");
    await server.owner.query(
      `INSERT INTO request_log (id, at, request_id, method, route, status, outcome, org_id, partner_id, duration_ms, weight)
       SELECT (lpad(to_hex(extract(epoch FROM at)::bigint * 1000 + n % 1000), 12, '0') || '7000' || lpad(to_hex(n), 16, '8'))::uuid,
         at, 'many', 'GET', '/contacts', 200, 'allowed', $1, $2, 1, 1
       FROM generate_series(1, 5001) n, LATERAL (SELECT timestamptz '2026-02-02 00:00Z' + n * interval '1 second' AS at) moment`,
      [fields.org_id, fields.partner_id],
    );
    const path = `${REQUESTS}?route=/contacts&method=DELETE`;
    const first = await pageOf(signed, path);
    expect(first).toEqual({ items: [], next: expect.any(String) });
    const second = await pageOf(signed, `${path}&cursor=${first.next}`);
    expect(second).toEqual({ items: [expect.objectContaining({ id: rare!.id })], next: null });
  });
});

describe('the log of another org', () => {
  it('is not shown, read or exported, also by the id of its key', async () => {
    const { own, signed, fields } = await emptyLog();
    const key = await createKey(await signedInAs(server, own, 'Owner'));
    const [stored] = await storeRequests(server, [{ ...fields, ...DENIED, api_key_id: key.id }]);
    expect(await idsOf(signed, `${REQUESTS}?api_key_id=${key.id}`)).toEqual([stored!.id]);
    for (const filter of [`api_key_id=${key.id}`, `request_id=${stored!.request_id}`]) {
      expect(await pageOf(member, `${REQUESTS}?${filter}`)).toEqual({ items: [], next: null });
    }
    await member.get(`${REQUESTS}/${stored!.id}`).expect(404);
    await member.get(`/manage/v1/api-keys/${key.id}/requests`).expect(404);
    const { text } = await member.get(`${REQUESTS}.csv`).expect(200);
    expect(text).not.toContain(stored!.id);
  });
});

describe('GET /manage/v1/requests/facets', () => {
  it('lists the values that occur in the log of the org, each once', async () => {
    const { signed, fields } = await emptyLog();
    await storeRequests(server, [
      { ...fields, route: '/tags' },
      { ...fields, route: '/contacts' },
      { ...fields, route: '/contacts', at: new Date('2026-03-01T00:00:00Z') },
      { ...fields, ...DENIED, service: 'invoices', route: null },
    ]);
    expect((await signed.get(`${REQUESTS}/facets`).expect(200)).body).toEqual({
      routes: ['/contacts', '/tags'],
      reasons: ['scope_missing'],
      services: ['invoices'],
      methods: ['GET', 'POST'],
    });
    const { signed: other } = await emptyLog();
    expect((await other.get(`${REQUESTS}/facets`).expect(200)).body).toEqual({
      routes: [],
      reasons: [],
      services: [],
      methods: [],
    });
  });
});

describe('GET /manage/v1/requests.csv', () => {
  it('has a line for each request that matches, and makes no formula of a User-Agent', async () => {
    const { signed, fields } = await emptyLog();
    const [, denied] = await storeRequests(server, [fields, { ...fields, ...DENIED, user_agent: '=cmd()' }]);
    const answer = await signed.get(`${REQUESTS}.csv?outcome=denied`).expect(200);
    expect(answer.headers['content-type']).toBe('text/csv; charset=utf-8');
    const [titles, line, ...rest] = answer.text.slice(BYTE_ORDER_MARK.length).split('\r\n');
    expect(titles).toContain('"id","at","request_id","method"');
    expect(line).toContain(
      `"${denied!.id}","${denied!.at.toISOString()}","${denied!.request_id}","POST","/tags","","403","denied"`,
    );
    expect(line).toContain(`"'=cmd()"`);
    expect(rest).toEqual(['']);
  });
});

describe('partners and the operator', () => {
  it('a partner sees the requests of its keys and of all its orgs, and none of others', async () => {
    const partner = await server.newPartner();
    const { own, fields } = await emptyLog(partner);
    const stored = await storeRequests(server, [
      fields,
      { partner_id: partner.id },
      { org_id: org.id, partner_id: org.partner.id },
    ]);
    const [ofOrg, ofPartner] = stored.map(({ id }) => id);
    const client = server.as(partner.key);
    const ids = await idsOf(client, '/partner/v1/requests?limit=100');
    expect(ids).toEqual([ofPartner, ofOrg]);
    expect(await idsOf(client, `/partner/v1/requests?org_id=${own.id}`)).toEqual([ofOrg]);
    expect(await idsOf(client, `/partner/v1/requests?org_id=${org.id}`)).toEqual([]);
    expect(await idsOf(client, `/partner/v1/orgs/${own.id}/requests`)).toEqual([ofOrg]);
    await client.get(`/partner/v1/orgs/${org.id}/requests`).expect(403);
  });

  it('the operator sees all requests, those without a known key too', async () => {
    const operator = server.as((await server.app.get(ApiKeys).createForOperator(OPERATOR)).token);
    const unknown = {
      ...DENIED,
      status: 401,
      code: 'unauthorized',
      guard: 'Authentication',
      reason: 'credential_unknown',
    };
    const [first, second] = await storeRequests(server, [
      { ...unknown, request_id: 'unknown-1' },
      { ...unknown, request_id: 'unknown-1', org_id: org.id, partner_id: org.partner.id },
    ]);
    const path = '/operator/v1/requests?request_id=unknown-1';
    expect(await idsOf(operator, path)).toEqual([second!.id, first!.id]);
    expect(await idsOf(operator, `${path}&org_id=${org.id}`)).toEqual([second!.id]);
    expect(await idsOf(operator, `${path}&partner_id=${org.partner.id}&reason=credential_unknown`)).toEqual([
      second!.id,
    ]);
    expect(await idsOf(operator, `${path}&outcome=allowed`)).toEqual([]);
  });
});
