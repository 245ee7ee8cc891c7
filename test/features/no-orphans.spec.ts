import { parametersIn } from '../../src/access/routes/declared-routes.js';
import { afterAll, beforeAll, describe, expect, it, test } from 'vitest';
import { admits } from '../../src/access/scopes/audience.js';
import { scopesOf } from '../../src/access/scopes/scopes.js';
import { serverDocument } from '../../src/programs/generate-docs/api-document.js';
import { type Headers, CredentialMaker, type Kind, KINDS, pair } from '../contract/support/credentials.js';
import { concretePath } from '../contract/support/served-routes.js';
import { readTables, type TableRows } from '../contract/support/table-rows.js';
import { Conversations } from '../support/conversations.js';
import { HttpClient } from '../support/http-client.js';
import { type Row, RowMaker, type Table } from '../support/row-maker.js';
import { TestServer } from '../support/start-app.js';
import { filesIn } from '../support/stored-files.js';
import { newService } from '../support/services.js';
import { newKeyPair } from '../support/stored-keys.js';
import { temporaryFolder } from '../support/temporary-folder.js';
import { until } from '../support/until.js';

/** Tables that keep references to deleted rows on purpose. */
const HISTORY = new Set(['audit_entries', 'idempotency_records']);

/** For nested routes, the table of the parent by path parameter. */
const PARENTS: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  '/chat/sessions/:id/tags/:tag_name': { id: 'chat_sessions' },
  '/knowledge-bases/:id/documents/:document_id': { id: 'knowledge_bases' },
  '/teams/:id/users/:user_id': { id: 'teams' },
  '/v1/open/contacts/:contact_id/files/:file_id/chatbots/:agent_id': { contact_id: 'agent_contacts' },
};
/** Routes that refuse to delete a row that others refer to. */
const REFERENCED = [
  '/action-credentials/:id',
  '/help-center/categories/:id',
  '/knowledge-bases/:id',
  '/office-hours/:id',
];

/** They delete rows that belong to no org: webhook-deliveries.spec.ts. */
const OF_NO_ORG = /^\/(partner|operator)\/v1\/webhooks/;

/** Every route that deletes a row by its id or name. */
const ROUTES = Object.entries(serverDocument().paths).flatMap(([path, { delete: operation }]) =>
  operation !== undefined && /\{(?!orgId|agent_id)/.test(path) && !OF_NO_ORG.test(path)
    ? [{ name: `DELETE ${path}`, path: path.replace(/\{(\w+)\}/g, ':$1'), audience: operation['x-audience'] }]
    : [],
);

const filesDir = temporaryFolder();
const server = TestServer.forSuite({ FILES_DIR: filesDir });
let maker: RowMaker;
let people: CredentialMaker;
const client = new HttpClient();
beforeAll(async () => {
  maker = await RowMaker.of(server.database);
  people = await CredentialMaker.prepare(server);
});
afterAll(() => client.close());

/** The table of every row with an id, by id. */
function idsIn(tables: TableRows): Map<string, string> {
  const ids = new Map<string, string>();
  for (const [table, rows] of tables) {
    for (const row of rows) {
      const { id } = JSON.parse(row) as { id?: unknown };
      if (typeof id === 'string') ids.set(id, table);
    }
  }
  return ids;
}

/** The rows of any table that contain one of the ids. */
function rowsNaming(ids: readonly string[], tables: TableRows): string[] {
  const lasting = [...tables].filter(([table]) => !HISTORY.has(table));
  return lasting.flatMap(([table, rows]) =>
    [...rows].filter((row) => ids.some((id) => row.includes(id))).map((row) => `in ${table}: ${row}`),
  );
}

/** The values that can name the row in a path: its id and unique columns. */
function namesOf([{ uniqueKeys }, row]: [Table, Row]): string[] {
  const columns = new Set(['id', ...uniqueKeys.flat()].filter((name) => name !== 'org_id'));
  return [...columns].map((name) => row[name]).filter((value) => typeof value === 'string');
}

const deletedFrom = new Set<string>();

// Before the other tests: their rows share one file, which the sweep can't delete.
describe('after the redaction of conversations and the deletion of their contacts', () => {
  it('no row refers to a deleted row, and files and their rows match', async () => {
    const ours = await Conversations.of(server);
    const made = await Promise.all(
      ['Ada', 'Ben', 'Cem'].map(async (name) => {
        const contact = { email: `${name}@acme.example`, name };
        const { body } = await ours.client.post('/contacts').send({ contact }).expect(201);
        const contactId = (body as { id: string }).id;
        const sessionId = await ours.start({ contact_id: contactId });
        const attachments = [{ name: 'a.txt', base64: Buffer.from(name).toString('base64'), mime_type: 'text/plain' }];
        await ours.send(sessionId, 'contact', { message: { type: 'text', text: name, attachments } });
        await ours.client
          .post(`/chat/sessions/${sessionId}/send`)
          .field({ sender: 'contact', message: '{"type":"text"}' })
          .attach('file', Buffer.from(name), 'b.txt')
          .expect(200);
        return { contactId, sessionId };
      }),
    );
    const before = idsIn(await readTables(server));
    // Leave the last conversation unchanged.
    for (const { contactId, sessionId } of made.slice(0, 2)) {
      await ours.client.post('/redaction/session').send({ session_id: sessionId }).expect(200);
      await ours.client.delete(`/contacts/${contactId}`).expect(204);
    }
    const tables = await readTables(server);
    const after = idsIn(tables);
    const gone = [...before].filter(([id]) => !after.has(id));
    expect(new Set(gone.map(([, table]) => table))).toContain('contacts');
    expect(
      rowsNaming(
        gone.map(([id]) => id),
        tables,
      ),
    ).toEqual([]);

    const sql = 'SELECT id::text, state FROM stored_files WHERE org_id = $1';
    const stored = async () => (await server.database.query(sql, [ours.org.id])).rows;
    await until('unreferenced files are deleted', async () => (await stored()).every(({ state }) => state === 'kept'));
    const ids = (await stored()).map(({ id }) => String(id));
    expect(ids).toHaveLength(1);
    const files = await filesIn(filesDir);
    expect(files.filter((path) => !ids.some((id) => path.includes(id)))).toEqual([]);
    expect(ids.filter((id) => !files.some((path) => path.includes(id)))).toEqual([]);
  });
});

describe('after a deletion', () => {
  test.each(ROUTES)('$name leaves no row that refers to the deleted row', async ({ path, audience }) => {
    const org = await server.newOrg(people.org.partner);
    const kind = (Object.keys(KINDS) as Kind[]).find((each) => admits(audience, KINDS[each]))!;
    // Before the other rows, so that the user of the session becomes Owner.
    const good = kind === 'key + secret' ? {} : await people.good(kind, org);
    const made = maker.in(org.id);
    const rows = await made.all();
    // A route deletes this row, which has no id of its own.
    await made.one('team_users');
    const idIn = (table: string) => String([...rows].find(([{ name }]) => name === table)![1]['id']);
    const agent_id = idIn('agents');
    const headers: Headers =
      kind === 'key + secret'
        ? pair(await newKeyPair(server, org.id, { agent_id, scopes: [...scopesOf('agent')] }))
        : { ...good, 'X-Requested-With': 'gatehouse' };
    const parents = Object.entries(PARENTS[path] ?? {}).map(([key, table]) => [key, idIn(table)]);
    // The only rows that belong to no org and can be deleted.
    const services = audience === 'operator' ? [(await newService(server, { routes: [] })).slug] : [];
    const before = idsIn(await readTables(server));
    const statuses = new Set<number>();
    for (const name of [...services, ...[...rows].flatMap(namesOf)]) {
      const places = { ...Object.fromEntries(parametersIn(path).map((key) => [key, name])) };
      Object.assign(places, Object.fromEntries(parents));
      const at = concretePath(path, { ...places, orgId: org.id, ...(path.includes('/chatbots/') && { agent_id }) });
      const { status, body } = await client.ask(server.url, { method: 'DELETE', path: at, headers });
      if (status >= 500) throw new Error(`${at}: ${status} ${body}`);
      statuses.add(status);
    }
    const isDeleted = statuses.has(200) || statuses.has(204);
    expect({ isDeleted, isRefused: statuses.has(409) }).toEqual({
      isDeleted: !REFERENCED.includes(path),
      isRefused: REFERENCED.includes(path),
    });
    const tables = await readTables(server);
    const after = idsIn(tables);
    const gone = [...before].filter(([id]) => !after.has(id));
    for (const [, table] of gone) deletedFrom.add(table);
    expect(
      rowsNaming(
        gone.map(([id]) => id),
        tables,
      ),
    ).toEqual([]);
  });

  it('the check has covered the tables with dependants', () => {
    expect([...deletedFrom]).toEqual(expect.arrayContaining(['agents', 'contacts', 'tags', 'teams']));
  });
});
