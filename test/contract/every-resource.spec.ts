import { afterAll, beforeAll, describe, expect, it, test, vi } from 'vitest';
import { parametersIn, templateOf } from '../../src/access/routes/declared-routes.js';
import { admits, type Audience } from '../../src/access/scopes/audience.js';
import { OPERATOR } from '../../src/kit/audit/actor.js';
import { Changes } from '../../src/kit/audit/changes.js';
import { isUuid } from '../../src/core/wire/row-id.js';
import { serverDocument } from '../../src/programs/generate-docs/api-document.js';
import type { Schema } from '../../src/core/wire/schema.js';
import { type Answer, HttpClient } from '../support/http-client.js';
import { HASH_CHAINED, type OrgRows, type Row, RowMaker } from '../support/row-maker.js';
import { SqlCount, tablesOf } from '../support/sql-count.js';
import type { TestServer } from '../support/start-app.js';
import { UNKNOWN_ID } from '../support/unknown-id.js';
import { CredentialMaker, type Headers, type Kind, KINDS } from './support/credentials.js';
import { examplesOf } from './support/example-body.js';
import { inParallel } from './support/in-parallel.js';
import { distribute } from './support/in-turn.js';
import { concretePath, type ServedRoute, startServer } from './support/served-routes.js';
import { changedRows, readTables } from './support/table-rows.js';

const ROWS = 250;
/** Odd, so that pages and batches of rows end at different rows. */
const PAGE = 17;
/** Each route is called with an id of each table that it reads, and with this many others. */
const IDS_BESIDE_OWN = 8;

interface Parameter {
  readonly name: string;
  readonly in: string;
  readonly required?: boolean;
  readonly schema: Schema;
}

interface List {
  readonly name: string;
  readonly path: string;
  readonly audience: Audience;
}

const DOCUMENT = serverDocument();
const SCHEMAS = DOCUMENT.components.schemas as unknown as Readonly<Record<string, Schema>>;

/**
 * The lists of the document with a cursor. published-help.spec.ts has the public one, which shows published rows only,
 * requests.spec.ts those of the request log, whose ids carry the time, key-policies.spec.ts those of keys that break a
 * policy, webhook-owners.spec.ts those of endpoints that belong to no org, and partner-keys.spec.ts the audit of a key.
 */
const LISTS: List[] = Object.entries(DOCUMENT.paths).flatMap(([path, { get }]) =>
  get?.parameters?.some(({ name }) => name === 'cursor') &&
  get['x-audience'] !== 'public' &&
  !path.endsWith('/requests') &&
  !path.endsWith('/key-policy/violations') &&
  !path.endsWith('/{keyId}/audit') &&
  !/^\/(partner|operator)\/v1\/webhooks/.test(path)
    ? [{ name: `GET ${path}`, path: path.replace(/\{(\w+)\}/g, ':$1'), audience: get['x-audience'] }]
    : [],
);

let server: TestServer;
let routes: ServedRoute[];
let maker: RowMaker;
let own: OrgRows;
let places: Record<string, string>;
let credentials: Map<Kind, Headers>;
const client = new HttpClient();

beforeAll(async () => {
  ({ server, routes } = await startServer());
  maker = await RowMaker.of(server.database);
  // Insert rows of another org first: they are older, so a cursor without an org condition would reach them.
  await maker.in((await server.newOrg()).id).all();
  const people = await CredentialMaker.prepare(server);
  places = await people.placesOf();
  const kinds = Object.keys(KINDS) as Kind[];
  credentials = new Map(await inParallel(kinds, async (kind) => [kind, await people.good(kind)] as const));
  own = maker.in(people.org.id);
});
afterAll(async () => {
  client.close();
  await server.close();
});

function headersFor(audience: Audience): Headers {
  const kind = [...credentials.keys()].find((each) => admits(audience, KINDS[each]))!;
  return { ...credentials.get(kind), ...(audience === 'user' && { 'X-Requested-With': 'gatehouse' }) };
}

function ask({ audience }: { audience: Audience }, path: string, method = 'GET', body?: object) {
  return client.ask(server.url, { method, path, headers: headersFor(audience), ...(body && { body }) });
}

interface Page {
  /** Each item as unique JSON. */
  readonly items: string[];
  readonly next: string | null;
}

async function pageOf(list: List, path: string, limit: number, cursor?: string | null): Promise<Page> {
  const query = new URLSearchParams({ limit: String(limit), ...(cursor && { cursor }) });
  const { status, body } = await ask(list, `${path}?${query}`);
  if (status !== 200) throw new Error(`${status} ${body}`);
  const { items, next } = JSON.parse(body) as { items: unknown[]; next: string | null };
  return { items: items.map((item) => JSON.stringify(item)), next };
}

/** All pages, from the first. Calls `meanwhile` during each request. */
async function allOf(list: List, path: string, limit: number, meanwhile = async () => {}): Promise<string[]> {
  const items: string[] = [];
  let cursor: string | null | undefined;
  do {
    const [page] = await Promise.all([pageOf(list, path, limit, cursor), meanwhile()]);
    items.push(...page.items);
    cursor = page.next;
  } while (cursor !== null && items.length < 10 * ROWS);
  return items;
}

interface Source {
  readonly table: string;
  /** The table of the parent, and the column with the parent's id. */
  readonly within?: { readonly table: string; readonly column: string };
}

/** The table that the list reads, found in the statements of the server. */
async function sourceOf(list: List): Promise<Source> {
  const { reads, slowReads } = server.database;
  const spies = [reads, slowReads].map((each) => vi.spyOn(each, 'run'));
  try {
    await ask(list, concretePath(list.path, places));
    const texts = spies.flatMap(({ mock }) => mock.calls.map(([{ text }]) => text));
    const text = texts.find((each) => each.includes('"items":['))!;
    const table = /(?<!EXISTS \(SELECT )FROM "(\w+)"\s+WHERE (?:org|owner|endpoint)_id/.exec(text)![1]!;
    const parent = /EXISTS \(SELECT FROM "(\w+)"/.exec(text)?.[1];
    if (parent === undefined) return { table };
    return { table, within: { table: parent, column: /(?:AND|WHERE) (\w+) = \$\d+::uuid\s+ORDER/.exec(text)![1]! } };
  } finally {
    for (const spy of spies) spy.mockRestore();
  }
}

/** Through the service, because a row inserted by SQL would break the hash chain. */
async function audit(count: number): Promise<void> {
  const target = { type: 'agent', id: UNKNOWN_ID, name: 'Ada' };
  await server.app.get(Changes).change(OPERATOR, async (_manager, record) => {
    for (let left = count; left > 0; left--) record({ action: 'agent.updated', orgId: own.orgId, target });
  });
}

type Filler = (count: number) => Promise<unknown>;

/** Returns a function that adds that many visible rows to the list. Tries which columns the rows need. */
async function fillerOf(list: List, path: string, { table }: Source, fixed: Row): Promise<Filler> {
  if (HASH_CHAINED.has(table)) return audit;
  const { columns } = maker.tables.get(table)!;
  const optional = columns.filter(({ isNullable, hasDefault }) => isNullable || hasDefault).map(({ name }) => name);
  const sets = [[], ...optional.map((name) => [name]), optional].map((names) => new Set(names));
  const fillers = sets.map(
    (filled): Filler =>
      (count) =>
        own.make(table, count, { filled, fixed }),
  );
  const problems = new Set<string>();
  for (const fill of [...fillers, (count: number) => own.makeWithChildren(table, count)]) {
    const before = await pageOf(list, path, 100);
    // Some lists show only rows in a state that is not the default.
    const problem = await fill(2).then(
      () => `${table} takes rows that the list doesn't show`,
      (error: Error) => error.message,
    );
    problems.add(problem);
    const after = await pageOf(list, path, 100);
    if (after.items.join() !== before.items.join()) return fill;
  }
  throw new Error(`Nothing fills ${list.name}: ${[...problems].join('; ')}`);
}

describe('every list', () => {
  test.each(LISTS)(
    '$name returns each of 250 rows once, in order, while rows are inserted, and each row can be read by its id',
    async (list) => {
      const source = await sourceOf(list);
      const parentId = source.within && String((await own.one(source.within.table))['id']);
      const names = parametersIn(list.path);
      const path = concretePath(list.path, Object.fromEntries(names.map((name) => [name, places[name] ?? parentId!])));
      const fill = await fillerOf(list, path, source, source.within ? { [source.within.column]: parentId } : {});
      await fill(ROWS);
      const rows = await allOf(list, path, 100);
      expect(new Set(rows).size).toBe(rows.length);
      expect(rows.length).toBeGreaterThanOrEqual(ROWS);
      const sql = `SELECT count(*)::int AS count FROM "${source.table}" WHERE org_id = $1`;
      const { rows: counted } = await server.database.query(sql, [own.orgId]);
      expect(rows.length).toBeLessThanOrEqual(Number(counted[0]!['count']));
      const seen = await allOf(list, path, PAGE, async () => void (await fill(2)));
      expect(new Set(seen).size).toBe(seen.length);
      const known = new Set(rows);
      expect(seen.filter((row) => known.has(row))).toEqual(rows);

      const isOne = ({ method, path: template }: ServedRoute) =>
        method === 'GET' && template.replace(/\/:\w+$/, '') === list.path && template !== list.path;
      if (!routes.some(isOne)) return;
      const values = Object.values(JSON.parse(rows[0]!) as object).filter((value) => typeof value === 'string');
      const statuses = await Promise.all(
        values.map(async (value) => (await ask(list, `${path}/${encodeURIComponent(value)}`)).status),
      );
      expect(statuses).toContain(200);
    },
  );
});

describe("another org's ids", () => {
  /** Routes with an id after that of the org or agent. */
  const withIds = () =>
    routes.filter(
      ({ name, path, policy }) =>
        policy.audience !== 'public' &&
        parametersIn(path).some((parameter) => !['orgId', 'agent_id'].includes(parameter)) &&
        // Creates the service that its path names.
        name !== 'PUT /operator/v1/services/:service',
    );
  const operationOf = ({ path, method }: ServedRoute) => DOCUMENT.paths[templateOf(path)]?.[method.toLowerCase()];
  /** The path with the required query parameters. */
  const pathWith = (route: ServedRoute, id: string) => {
    const ids = Object.fromEntries(parametersIn(route.path).map((name) => [name, id]));
    const parameters = (operationOf(route)?.parameters ?? []) as readonly Parameter[];
    const needed = parameters
      .filter((parameter) => parameter.in === 'query' && parameter.required)
      .map(({ name, schema }): [string, string] => [name, String(examplesOf(schema, SCHEMAS)[0])]);
    const query = needed.length > 0 ? `?${new URLSearchParams(needed)}` : '';
    return concretePath(route.path, { ...ids, ...places }) + query;
  };
  const bodiesOf = (route: ServedRoute) => {
    const { content } = (operationOf(route)?.requestBody ?? {}) as { content?: Record<string, { schema: Schema }> };
    const schema = content?.['application/json']?.schema;
    return schema === undefined ? [undefined] : (examplesOf(schema, SCHEMAS) as object[]);
  };
  const send = (route: ServedRoute, id: string, body?: object) =>
    ask({ audience: route.policy.audience }, pathWith(route, id), route.method, body);

  /** Whether the parameter is one of a few words instead of an id, so that the path alone is refused. */
  const isNoId = ({ path }: ServedRoute, { status, body }: Answer) => {
    const { errors = [] } = JSON.parse(body || '{}') as { errors?: { field: string }[] };
    return status === 400 && errors.length > 0 && errors.every(({ field }) => path.includes(`:${field}`));
  };

  /** The answer to an unknown id, with a body that the route accepts. */
  async function unknownOf(route: ServedRoute): Promise<{ body: object | undefined; answer: Answer }> {
    const answers = await inParallel(bodiesOf(route), async (body) => {
      return { body, answer: await send(route, UNKNOWN_ID, body) };
    });
    return answers.find(({ answer }) => answer.status !== 400) ?? answers[0]!;
  }

  /** One route at a time, to tell the statements of the routes apart. */
  async function unknownByRoute() {
    const sql = SqlCount.start();
    try {
      const found: (Awaited<ReturnType<typeof unknownOf>> & { route: ServedRoute; tables: ReadonlySet<string> })[] = [];
      for (const route of withIds()) {
        let unknown!: Awaited<ReturnType<typeof unknownOf>>;
        const statements = await sql.during(async () => void (unknown = await unknownOf(route)));
        found.push({ route, tables: tablesOf(statements), ...unknown });
      }
      return found;
    } finally {
      sql.stop();
    }
  }

  it('are answered on every route like unknown ids, and change nothing', async () => {
    const elsewhere = maker.in((await server.newOrg()).id);
    const ids = new Map<string, string>();
    for (const { name } of maker.ofOrgs.filter((table) => !HASH_CHAINED.has(table.name))) {
      const { id } = await elsewhere.one(name);
      if (isUuid(String(id))) ids.set(name, String(id));
    }
    const before = await readTables(server);
    const others = distribute(
      withIds(),
      () => 'all',
      () => [...ids.values()],
      IDS_BESIDE_OWN,
    );
    const lines = await inParallel(await unknownByRoute(), async ({ route, body: sent, answer: unknown, tables }) => {
      // A route with a form answers 415 before it looks at the id; an idempotent delete answers 204.
      const isRight = [204, 404, 415].includes(unknown.status) || isNoId(route, unknown);
      const wrong = isRight ? [] : [`${route.name}: ${unknown.status} ${unknown.body}`];
      const own = [...ids.keys()].filter((table) => tables.has(table)).map((table) => ids.get(table)!);
      const tried = own.length > 0 ? [...own, ...others.get(route)!] : ids.values();
      for (const id of new Set(tried)) {
        const { status, body } = await send(route, id, sent);
        if (status !== unknown.status || body.replaceAll(id, UNKNOWN_ID) !== unknown.body) {
          wrong.push(`${route.name}, ${id}: ${status} ${body}`);
        }
      }
      return wrong;
    });
    expect(lines.flat()).toEqual([]);
    const isTheirs = (line: string) => line.includes(elsewhere.orgId);
    expect(changedRows(before, await readTables(server)).filter(isTheirs)).toEqual([]);
  });
});
