import { afterAll, beforeAll, expect, it } from 'vitest';
import { serverDocument } from '../../src/programs/generate-docs/api-document.js';
import { BlockExecutors } from '../../src/resources/automation/workflows/blocks/block-executors.js';
import type { Schema } from '../../src/core/wire/schema.js';
import { rolesOf } from '../support/login-links.js';
import type { Client, TestOrg, TestServer } from '../support/start-app.js';
import { BODIES_WITH_IDS, type BodyWithId, NOT_ROWS } from './support/bodies-with-ids.js';
import { fieldsOf } from './support/body-fields.js';
import { type RowIds, type RowKind, rowsOfOrg } from './support/rows-of-org.js';
import { fieldsOfSchema } from './support/schema-fields.js';
import { startServer } from './support/served-routes.js';
import { changedRows, readTables } from './support/table-rows.js';

interface OrgWithRows {
  readonly org: TestOrg;
  readonly clients: Readonly<Record<'key' | 'owner' | 'partner', Client>>;
  readonly rows: RowIds;
}

let server: TestServer;
let own: OrgWithRows;
let other: OrgWithRows;

beforeAll(async () => {
  ({ server } = await startServer());
  own = await newOrgWithRows();
  other = await newOrgWithRows();
});
afterAll(() => server.close());

async function newOrgWithRows(): Promise<OrgWithRows> {
  const org = await server.newOrg();
  const key = await server.newClient(org);
  // A second Owner, so that the first one's role may change.
  await server.newSession(org);
  const roles = await rolesOf(server, org);
  const owner = server.signedIn(await server.newSession(org, 'second@acmetours.example', roles.Owner));
  return {
    org,
    clients: { key, owner, partner: server.as(org.partner.key) },
    rows: await rowsOfOrg(server, org, key, owner),
  };
}

const isId = (name: string, { format }: Schema) => /(^|_)(ids?|assignee)$/.test(name) || format === 'uuid';

/** Every field of a JSON body in the document that is named as an id or has the format uuid. */
function idsInBodies(): string[] {
  const { components, paths } = serverDocument();
  const schemas = components.schemas as unknown as Readonly<Record<string, Schema>>;
  const names = Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).flatMap(([method, operation]) => {
      const { content } = (operation.requestBody ?? {}) as { content?: Record<string, { schema: Schema }> };
      return fieldsOfSchema(content?.['application/json']?.schema ?? {}, schemas)
        .map((field) => ({ ...field, path: field.path.at(-1) === '[]' ? field.path.slice(0, -1) : field.path }))
        .filter((field) => isId(field.path.at(-1)!, field.schema))
        .map((field) => `${method.toUpperCase()} ${path} ${field.path.join('.')}`);
    }),
  );
  return [...new Set(names)];
}

function send(name: string, { by = 'key', at, body }: BodyWithId, id: string) {
  const [method, path] = name.split(' ') as [string, string];
  const target = path.replace('{orgId}', own.org.id).replace(/\{\w+\}/, () => own.rows[at!]);
  const verb = method.toLowerCase() as 'post' | 'put' | 'patch';
  return own.clients[by][verb](target).send(body(id, own.rows));
}

async function answersTo(idOf: (kind: RowKind) => string) {
  const answers: { name: string; status: number; body: unknown }[] = [];
  for (const [name, request] of Object.entries(BODIES_WITH_IDS)) {
    const { status, body } = await send(name, request, idOf(request.names));
    answers.push({ name, status, body: body as unknown });
  }
  return answers;
}

it('every id field of a body is tested here, or listed with the reason why not', () => {
  const { byType } = server.app.get(BlockExecutors);
  const blockFields = [...new Set(Object.values(byType).flatMap((executor) => Object.keys(executor.namedRows ?? {})))];
  const inBlocks = ['POST /workflows', 'PATCH /workflows/{workflow_id}'].flatMap((route) =>
    blockFields.map((field) => `${route} workflow_blocks.[].input.${field}`),
  );
  const known = [...Object.keys(BODIES_WITH_IDS), ...Object.keys(NOT_ROWS)];
  expect(known.toSorted()).toEqual([...idsInBodies(), ...inBlocks].toSorted());
});

it('every type of workflow block declares which rows its ids refer to', () => {
  for (const [type, { input, namedRows }] of Object.entries(server.app.get(BlockExecutors).byType)) {
    const ids = fieldsOf(input).flatMap(({ name }) => (isId(name, {}) ? [name] : []));
    expect([type, Object.keys(namedRows ?? {}).toSorted()]).toEqual([type, ids.toSorted()]);
  }
});

it('an id of another org in a body is 400 or 404, and writes nothing', async () => {
  const before = await readTables(server);
  const answers = await answersTo((kind) => other.rows[kind]);
  expect(answers.filter(({ status }) => status !== 400 && status !== 404)).toEqual([]);
  expect(changedRows(before, await readTables(server))).toEqual([]);
});

it('an id in upper case is accepted, and stored in lower case', async () => {
  const before = await readTables(server);
  const answers = await answersTo((kind) => own.rows[kind].toUpperCase());
  expect(answers.filter(({ status }) => status >= 300)).toEqual([]);
  const capitals = Object.values(own.rows)
    .filter((id) => id !== id.toUpperCase())
    .map((id) => id.toUpperCase());
  // Workflow blocks are stored as sent; a step reads its ids in lower case.
  const written = changedRows(before, await readTables(server)).filter(
    (row) => !row.startsWith('in workflow_versions'),
  );
  expect(written.filter((row) => capitals.some((id) => row.includes(id)))).toEqual([]);
});
