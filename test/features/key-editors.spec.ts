import { beforeAll, describe, expect, it } from 'vitest';
import { createKey, readKey, type Signed, signedInAs } from '../support/manage.js';
import { type Client, type TestOrg, TestServer } from '../support/start-app.js';
import { UNKNOWN_ID } from '../support/unknown-id.js';

const KEYS = '/manage/v1/api-keys';

const server = TestServer.forSuite();
let org: TestOrg;
let admin: Signed;
let partner: Client;
beforeAll(async () => {
  org = await server.newOrg();
  admin = await signedInAs(server, org, 'Admin');
  partner = server.as(org.partner.key);
});

/** The two places where one key is edited. */
const places = (id: string) => [
  { editor: admin as Client, path: `${KEYS}/${id}` },
  { editor: partner, path: `/partner/v1/orgs/${org.id}/api-keys/${id}` },
];

async function etagOf(id: string): Promise<string> {
  return (await admin.get(`${KEYS}/${id}`).expect(200)).headers['etag'] as string;
}

const entries = async (id: string) =>
  (await admin.get(`/manage/v1/audit?api_key_id=${id}`).expect(200)).body.items.map(
    ({ action }: { action: string }) => action,
  );

describe('the ETag of a key', () => {
  it('is its revision, strong, in the answers to GET, PATCH and each POST', async () => {
    const created = await admin.post(KEYS).send({ name: 'Edited', access: 'full' }).expect(201);
    const { id } = created.body as { id: string };
    expect([created.headers['etag'], created.body.revision]).toEqual(['"1"', 1]);
    const [first, second] = places(id);
    for (const { editor, path } of places(id)) expect((await editor.get(path).expect(200)).headers['etag']).toBe('"1"');
    const steps = [
      () => first!.editor.patch(first!.path).send({ name: 'Two' }),
      () => second!.editor.patch(second!.path).send({ name: 'Three' }),
      () => first!.editor.post(`${first!.path}/suspend`),
      () => second!.editor.post(`${second!.path}/resume`),
      () => second!.editor.post(`${second!.path}/rotate`).send({}),
      () => first!.editor.post(`${first!.path}/rotate`).send({}),
      () => first!.editor.post(`${first!.path}/acknowledge`),
      () => second!.editor.post(`${second!.path}/revoke`),
    ];
    let revision = 1;
    for (const step of steps) {
      const { headers, body } = await step().expect(200);
      expect([headers['etag'], body.revision]).toEqual([`"${++revision}"`, revision]);
      expect(await etagOf(id)).toBe(`"${revision}"`);
    }
  });

  it('stays if nothing changes, and with the use of the key, so that no answer is 304', async () => {
    const { id, api_key } = await createKey(admin);
    const etag = await etagOf(id);
    await admin.patch(`${KEYS}/${id}`).send({ name: 'Production' }).expect(200).expect('etag', etag);
    await server.as(api_key).get('/contacts').expect(200);
    const { body } = await admin.get(`${KEYS}/${id}`).set('If-None-Match', etag).expect(200).expect('etag', etag);
    expect(body.last_used_at).not.toBe(null);
  });
});

describe('If-Match', () => {
  it('lets a change pass that names the present revision, any, or one of several', async () => {
    const { id } = await createKey(admin);
    for (const { editor, path } of places(id)) {
      for (const header of [(etag: string) => etag, () => '*', (etag: string) => `"0", ${etag}`]) {
        const etag = await etagOf(id);
        const change = editor.patch(path).set('If-Match', header(etag));
        await change.send({ description: `After ${etag}` }).expect(200);
        expect(await etagOf(id)).not.toBe(etag);
      }
    }
  });

  it('refuses a change of another revision with 412 and the present ETag, and nothing changes', async () => {
    const { id } = await createKey(admin, { name: 'Kept' });
    const before = await entries(id);
    for (const { editor, path } of places(id)) {
      for (const header of ['"2"', 'W/"1"', '"0", W/"1"', '""']) {
        const answer = await editor.patch(path).set('If-Match', header).send({ name: 'Lost' }).expect(412);
        expect([answer.headers['etag'], answer.body]).toEqual([
          '"1"',
          {
            statusCode: 412,
            message: 'If-Match names another version: the ETag is "1" now. Read it again, then repeat the change.',
            code: 'precondition_failed',
          },
        ]);
      }
      for (const header of ['1', "'1'", '"1', '"1" "2"', ',']) {
        await editor.patch(path).set('If-Match', header).send({ name: 'Lost' }).expect(400);
      }
    }
    expect(await readKey(admin, id)).toMatchObject({ name: 'Kept', revision: 1 });
    expect(await entries(id)).toEqual(before);
  });

  it('says nothing about a key that is not there', async () => {
    for (const { editor, path } of places(UNKNOWN_ID)) {
      await editor.patch(path).set('If-Match', '*').send({ name: 'None' }).expect(404);
    }
  });
});

describe('two editors', () => {
  it('who read one revision do not overwrite each other: one of four concurrent changes is made', async () => {
    const { id } = await createKey(admin, { metadata: { count: '0' } });
    for (let round = 1; round <= 20; round++) {
      const etag = await etagOf(id);
      const answers = await Promise.all(
        places(id)
          .concat(places(id))
          .map(({ editor, path }, at) =>
            editor
              .patch(path)
              .set('If-Match', etag)
              .send({ metadata: { by: `${round}-${at}` } }),
          ),
      );
      expect(answers.map(({ status }) => status).toSorted((one, other) => one - other)).toEqual([200, 412, 412, 412]);
      const winner = answers.findIndex(({ status }) => status === 200);
      expect(await readKey(admin, id)).toMatchObject({
        revision: round + 1,
        metadata: { count: '0', by: `${round}-${winner}` },
      });
    }
    expect(await entries(id)).toHaveLength(21);
  });

  it('who retry after 412 lose no change', async () => {
    const { id } = await createKey(admin, { metadata: { total: '0' } });
    const addOne = async ({ editor, path }: { editor: Client; path: string }) => {
      for (;;) {
        const { headers, body } = await editor.get(path).expect(200);
        const total = String(Number(body.metadata.total) + 1);
        const change = editor.patch(path).set('If-Match', headers['etag'] as string);
        const { status } = await change.send({ metadata: { total } });
        if (status === 200) return;
        expect(status).toBe(412);
      }
    };
    await Promise.all(Array.from({ length: 5 }, () => places(id)).flatMap((each) => each.map(addOne)));
    expect((await readKey(admin, id)).metadata).toEqual({ total: '10' });
  });

  it('one of which revokes the key: the other changes it before that, or not at all', async () => {
    for (let round = 0; round < 20; round++) {
      const { id } = await createKey(admin, { name: 'Before' });
      const [here, there] = places(id);
      const etag = await etagOf(id);
      const [edited, revoked] = await Promise.all([
        here!.editor.patch(here!.path).set('If-Match', etag).send({ name: 'After' }),
        there!.editor.post(`${there!.path}/revoke`),
      ]);
      expect(revoked.status).toBe(200);
      expect([200, 412]).toContain(edited.status);
      const { name, state } = await readKey(admin, id);
      expect([name, state]).toEqual([edited.status === 200 ? 'After' : 'Before', 'revoked']);
      const updated = ['api_key.revoked', 'api_key.updated', 'api_key.created'];
      expect(await entries(id)).toEqual(edited.status === 200 ? updated : ['api_key.revoked', 'api_key.created']);
    }
  });
});
