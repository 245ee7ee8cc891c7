import { randomBytes } from 'node:crypto';
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { join } from 'node:path';
import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { uuidV7 } from '../../src/core/database/uuid-v7.js';
import { FILE_SWEEP } from '../../src/kit/files/file-sweep.service.js';
import { Jobs } from '../../src/core/jobs/jobs.service.js';
import { type AgentClient, newAgentKey, type TestAgent } from '../support/agent-key.js';
import { type TestOrg, TestServer } from '../support/start-app.js';
import { filesIn } from '../support/stored-files.js';
import { temporaryFolder } from '../support/temporary-folder.js';
import { UNKNOWN_ID } from '../support/unknown-id.js';
import { until } from '../support/until.js';

const MEBIBYTE = 1024 * 1024;
const PNG = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
);
const JPEG = Buffer.concat([Buffer.from('ffd8ffe000104a46494600010100000100010000', 'hex'), Buffer.alloc(64, 1)]);
const DOCX_TYPE = 'application/vnd.openxmlformats-officedocument.wordprocessingml.document';
let PDF: Buffer;
let DOCX: Buffer;

const filesDir = temporaryFolder();
const server = TestServer.forSuite({ FILES_DIR: filesDir });
let org: TestOrg;
let agent: TestAgent;
let client: AgentClient;
let contactId: string;
beforeAll(async () => {
  [PDF, DOCX] = await Promise.all([readFile('test/fixtures/invoice.pdf'), readFile('test/fixtures/agreement.docx')]);
});
beforeEach(async () => {
  org = await server.newOrg();
  agent = await newAgentKey(server, org);
  ({ client } = agent);
  const contact = await client
    .post(`/v1/open/contacts/chatbots/${agent.id}`)
    .send({ email: 'sam@example.com' })
    .expect(201);
  contactId = contact.body.data.id;
});

const at = (fileId?: string, contact = contactId) =>
  `/v1/open/contacts/${contact}/files${fileId === undefined ? '' : `/${fileId}`}/chatbots/${agent.id}`;
const upload = (content: Buffer, filename: string, contentType?: string) =>
  client.post(at()).attach('file', content, { filename, ...(contentType && { contentType }) });
const stored = async () =>
  (await server.database.pool.query('SELECT id, state FROM stored_files WHERE org_id = $1', [org.id])).rows;
const onDisk = async () => {
  const ids = (await stored()).map(({ id }) => id as string);
  return (await filesIn(filesDir)).filter((path) => ids.some((id) => path.includes(id)));
};
/** Limited to this org, because all tests share the folder. */
const nothingIsKept = async () => expect(await stored()).toEqual([]);

describe('a file', () => {
  it.each<[string, () => Buffer, string, string]>([
    ['PDF', () => PDF, 'invoice.pdf', 'application/pdf'],
    ['PNG', () => PNG, 'photo.png', 'image/png'],
    ['JPEG', () => JPEG, 'photo.jpg', 'image/jpeg'],
    ['DOCX', () => DOCX, 'agreement.docx', DOCX_TYPE],
    ['TXT', () => Buffer.from('Grüezi\n'), 'note.txt', 'text/plain'],
    ['TXT that looks like XML', () => Buffer.from('<?xml version="1.0"?><a/>'), 'note.txt', 'text/plain'],
  ])('of type %s is returned unchanged', async (_what, content, name, type) => {
    const { body } = await upload(content(), name, type).field('label', 'From the tour').expect(201);
    expect(body).toEqual({
      success: true,
      message: 'OK',
      data: {
        id: expect.any(String),
        contact_id: contactId,
        label: 'From the tour',
        name,
        media_type: type,
        bytes: content().length,
        created_at: expect.any(String),
        updated_at: expect.any(String),
      },
    });
    const list = await client.get(at()).expect(200);
    expect(list.body).toMatchObject({ data: [body.data], pagination: { total: 1 } });
    const download = await client.get(at(body.data.id)).responseType('blob').expect(200);
    expect(download.headers).toMatchObject({
      'content-type': type === 'text/plain' ? expect.stringMatching(/^text\/plain/) : type,
      'content-length': String(content().length),
      'content-disposition': `attachment; filename=${name}`,
      'x-content-type-options': 'nosniff',
      'content-security-policy': "default-src 'none'; sandbox",
    });
    expect(content().equals(download.body)).toBe(true);
    await client.head(at(body.data.id)).expect(200);
  });

  it('needs no Content-Type if its content tells the type', async () => {
    const { body } = await upload(PDF, 'x', 'application/octet-stream').expect(201);
    expect(body.data).toMatchObject({ media_type: 'application/pdf', label: null });
  });

  it.each([
    ['image/jpg', () => JPEG, 'image/jpeg'],
    ['image/pjpeg; charset=binary', () => JPEG, 'image/jpeg'],
    ['image/x-png', () => PNG, 'image/png'],
    ['Application/X-PDF', () => PDF, 'application/pdf'],
    ['binary/octet-stream', () => DOCX, DOCX_TYPE],
    ['text/plain', () => PNG, 'image/png'],
  ])('sent as %s has the type of its content', async (sentAs, content, type) => {
    const { body } = await upload(content(), 'x', sentAs).expect(201);
    expect(body.data.media_type).toBe(type);
  });

  it.each([
    ['PDF', () => PDF, 'application/pdf'],
    ['PNG', () => PNG, 'image/png'],
    ['text', () => Buffer.from('Grüezi'), 'text/plain'],
  ])(
    'of %s in a part without a Content-Type, as python-requests sends it, has the type of its content',
    async (_what, content, type) => {
      const form = Buffer.concat([
        Buffer.from('--limit\r\nContent-Disposition: form-data; name="file"; filename="a"\r\n\r\n'),
        content(),
        Buffer.from('\r\n--limit--\r\n'),
      ]);
      const headers = { ...agent.headers, 'Content-Type': 'multipart/form-data; boundary=limit' };
      const answer = await fetch(server.url + at(), { method: 'POST', headers, body: form });
      expect(answer.status).toBe(201);
      const { data } = (await answer.json()) as { data: object };
      expect(data).toMatchObject({ media_type: type, bytes: content().length });
    },
  );

  it('may have 10 MiB, and not one byte more', async () => {
    const full = Buffer.concat([PDF, Buffer.alloc(10 * MEBIBYTE - PDF.length)]);
    expect((await upload(full, 'full.pdf', 'application/pdf').expect(201)).body.data.bytes).toBe(10 * MEBIBYTE);
    const { body } = await upload(Buffer.concat([full, Buffer.of(0)]), 'more.pdf', 'application/pdf').expect(413);
    expect(body).toEqual({ statusCode: 413, message: 'The file is larger than 10 MiB.', code: 'file_too_large' });
    expect(await stored()).toHaveLength(1);
  });

  it.each([
    ['../../etc/passwd', 'passwd'],
    ['C:\\Temp\\report.txt', 'report.txt'],
    ['a"b;c\r\nX-Evil: 1.txt', expect.not.stringMatching(/[\r\n]/)],
    ['ünïcödé 文.txt', 'ünïcödé 文.txt'],
    [`${'x'.repeat(500)}.txt`, 'x'.repeat(200)],
  ])('named %j is downloaded under a safe name', async (name, expected) => {
    const { data } = (await upload(Buffer.from('x'), name, 'text/plain').expect(201)).body;
    expect(data.name).toEqual(expected);
    const download = await client.get(at(data.id)).expect(200);
    expect(download.headers['x-evil']).toBeUndefined();
    expect(download.headers['content-disposition']).toMatch(/^attachment; filename/);
    expect((await onDisk()).every((path) => path.startsWith(filesDir))).toBe(true);
  });

  it('is removed from the disk when it, its contact or its agent is deleted', async () => {
    const add = async () => (await upload(PNG, 'p.png', 'image/png').expect(201)).body.data.id as string;
    const [first] = [await add(), await add()];
    expect(await onDisk()).toHaveLength(2);
    expect((await client.delete(at(first)).expect(200)).body).toEqual({ success: true, message: 'OK', data: null });
    await client.get(at(first)).expect(404);
    await until('one is left', async () => (await stored()).length === 1);
    expect(await onDisk()).toHaveLength(1);
    await client.delete(`/v1/open/contacts/${contactId}/chatbots/${agent.id}`).expect(200);
    await until('none is left', async () => (await stored()).length === 0);

    const contact = await client.post(`/v1/open/contacts/chatbots/${agent.id}`).send({ email: 'a@b.ch' }).expect(201);
    contactId = contact.body.data.id;
    await add();
    const [path] = await onDisk();
    const orgClient = await server.newClient(org);
    await orgClient.delete(`/agents/${agent.id}`).expect(204);
    await until('it is deleted', async () => (await stored()).length === 0);
    expect(await filesIn(filesDir)).not.toContain(path);
  });
});

describe('nothing is stored, on the disk or in the database,', () => {
  it.each<[string, () => Buffer, string | undefined, number, RegExp]>([
    [
      'of a type that is not taken',
      () => Buffer.from('GIF89a\x01\x00\x01\x00'),
      'image/gif',
      415,
      /^The file must be PDF, PNG, JPEG, DOCX or TXT\.$/,
    ],
    ['of a script', () => Buffer.from('<script>alert(1)</script>'), 'text/html', 415, /must be PDF/],
    ['of an SVG', () => Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"/>'), 'image/svg+xml', 415, /must be PDF/],
    [
      'of a program',
      () => Buffer.concat([Buffer.from('\x7fELF'), randomBytes(64)]),
      'application/octet-stream',
      415,
      /must be PDF/,
    ],
    [
      'of a ZIP that is no DOCX',
      () => Buffer.from('504b0506000000000000000000000000000000000000', 'hex'),
      DOCX_TYPE,
      415,
      /must be PDF/,
    ],
    ['of text with a NUL', () => Buffer.from('a\0b'), 'text/plain', 415, /must be PDF/],
    ['of text in Latin-1', () => Buffer.from('Grüezi', 'latin1'), 'text/plain', 415, /\. Save it as UTF-8\.$/],
    ['of text in UTF-16', () => Buffer.from('\ufeffGrüezi', 'utf16le'), 'text/plain', 415, /\. Save it as UTF-8\.$/],
    [
      'of text in UTF-16 that says nothing of its type',
      () => Buffer.from('\ufeffGrüezi', 'utf16le').swap16(),
      'application/octet-stream',
      415,
      /\. Save it as UTF-8\.$/,
    ],
    [
      'of a PDF that was sent as a picture',
      () => PDF,
      'image/png',
      400,
      /^file was sent as image\/png, but is application\/pdf$/,
    ],
    ['of a picture that was sent as Markdown', () => PNG, 'text/markdown', 415, /must be PDF/],
    ['of an empty file', () => Buffer.of(), 'text/plain', 400, /^file is empty$/],
  ])('%s', async (_what, content, type, status, message) => {
    const { body } = await upload(content(), 'x', type).expect(status);
    expect(body.message).toMatch(message);
    await nothingIsKept();
  });

  it('of a form with no file, two files, or an unknown, repeated or invalid field', async () => {
    const file = ['file', PNG, { filename: 'p.png', contentType: 'image/png' }] as const;
    const post = () => client.post(at());
    const attempts = [
      [post().field('label', 'x'), 'file is required'],
      [
        post()
          .attach(...file)
          .attach(...file),
        'file must be one part',
      ],
      [
        post()
          .attach(...file)
          .field('name', 'x'),
        'name is not a known field',
      ],
      [
        post()
          .attach(...file)
          .field('label', 'x')
          .field('label', 'y'),
        'label must be one part',
      ],
      [
        post()
          .attach(...file)
          .field('label', ''),
        'label must be longer than or equal to 1 characters',
      ],
      [
        post()
          .attach(...file)
          .field('label', 'a\0b'),
        'label contains a character that cannot be stored',
      ],
      [
        post()
          .attach(...file)
          .field('__proto__', 'x'),
        '__proto__ is not a known field',
      ],
      [
        post()
          .attach(...file)
          .field('label', 'x'.repeat(300_000)),
        'label is too long',
      ],
    ] as const;
    for (const [sent, message] of attempts) expect((await sent.expect(400)).body.message).toBe(message);
    await nothingIsKept();
  });

  it('of a body that is not a form', async () => {
    const send = (type: string, body: string) => client.post(at()).set('Content-Type', type).send(body);
    expect((await send('application/json', '{}').expect(415)).body.message).toBe(
      'Content-Type must be multipart/form-data.',
    );
    await send('multipart/form-data', '--x').expect(400);
    await send('multipart/form-data; boundary=x', 'nonsense').expect(400);
    // An empty body counts as missing.
    await send('multipart/form-data; boundary=x', '').expect(415);
    const part = '--x\r\nContent-Disposition: form-data; name="file"; filename="a.txt"\r\n\r\nhello';
    await send('multipart/form-data; boundary=x', part).expect(400);
    await send('multipart/form-data; boundary=x', `--x\r\nContent-Disposition: form-data\r\n\r\nhello\r\n--x--`).expect(
      400,
    );
    await nothingIsKept();
  });

  it('for a contact that is unknown, of another agent, or deleted during the upload', async () => {
    const other = await newAgentKey(server, org);
    const theirs = await other.client
      .post(`/v1/open/contacts/chatbots/${other.id}`)
      .send({ email: 'x@y.ch' })
      .expect(201);
    for (const contact of [UNKNOWN_ID, 'x', theirs.body.data.id]) {
      const { body } = await client.post(at(undefined, contact)).attach('file', PNG, 'p.png').expect(404);
      expect(body).toEqual({ statusCode: 404, message: 'Contact not found', error: 'Not Found', code: 'not_found' });
      await client.get(at(undefined, contact)).expect(404);
      await client.get(at(UNKNOWN_ID, contact)).expect(404);
      await client.delete(at(UNKNOWN_ID, contact)).expect(404);
    }
    await nothingIsKept();
  });

  it('of an upload that the client aborts', async () => {
    const { hostname, port } = new URL(server.url);
    const socket = connect(Number(port), hostname);
    const headers = Object.entries({
      ...agent.headers,
      'Content-Type': 'multipart/form-data; boundary=x',
      'Content-Length': '5000',
    });
    socket.write(
      `POST ${at()} HTTP/1.1\r\nHost: gatehouse.test\r\n${headers.map(([name, value]) => `${name}: ${value}\r\n`).join('')}\r\n`,
    );
    socket.write('--x\r\nContent-Disposition: form-data; name="file"; filename="a.txt"\r\n\r\nhello');
    await until('it has begun to arrive', async () => (await onDisk()).length === 1);
    expect(await stored()).toMatchObject([{ state: 'arriving' }]);
    socket.destroy();
    await until('nothing is left', async () => (await stored()).length === 0);
    expect(await onDisk()).toEqual([]);
  });
});

describe('the files directory', () => {
  it('is cleared of files that crashes left behind, and of no others', async () => {
    const { data } = (await upload(PNG, 'p.png', 'image/png').expect(201)).body;
    const [kept] = await onDisk();
    const crashed = { old: uuidV7(), named: uuidV7(), young: uuidV7(), noFile: uuidV7() };
    for (const [what, id] of Object.entries(crashed)) {
      const hours = what === 'young' ? 0 : 2;
      const sql = `INSERT INTO stored_files (id, org_id, created_at) VALUES ($1, $2, now() - make_interval(hours => $3))`;
      await server.database.pool.query(sql, [id, org.id, hours]);
    }
    const folder = join(filesDir, kept!.slice(filesDir.length + 1, filesDir.length + 3));
    const paths = {
      old: join(filesDir, crashed.old.slice(-2), `${crashed.old}.part`),
      named: join(filesDir, crashed.named.slice(-2), crashed.named),
    };
    for (const path of Object.values(paths)) {
      await mkdir(join(path, '..'), { recursive: true });
      await writeFile(path, 'x');
    }
    await writeFile(join(folder, 'a stranger'), 'x');
    await server.app.get(Jobs).enqueueScheduled(server.database.dataSource.manager, FILE_SWEEP);
    await until('the old ones are deleted', async () => (await stored()).length === 2);
    expect((await stored()).map(({ state }) => state).sort()).toEqual(['arriving', 'kept']);
    expect((await stored()).find(({ state }) => state === 'arriving').id).toBe(crashed.young);
    const left = await filesIn(filesDir);
    expect(Object.values(paths).filter((path) => left.includes(path))).toEqual([]);
    expect(left).toContain(kept);
    expect(left).toContain(join(folder, 'a stranger'));
    await client.get(at(data.id)).expect(200);
  });

  it('causes a 503 for a missing file, and serves the file again once it is back', async () => {
    const { data } = (await upload(PNG, 'p.png', 'image/png').expect(201)).body;
    await rename(filesDir, `${filesDir}-elsewhere`);
    const { body } = await client.get(at(data.id)).expect(503);
    expect(body.message).toBe('Files cannot be stored or read at the moment. Try again shortly.');
    await rename(`${filesDir}-elsewhere`, filesDir);
    await client.get(at(data.id)).expect(200);
  });

  it('causes a 503 and stores nothing if it is not writable', async () => {
    await writeFile(`${filesDir}-file`, '');
    await rename(filesDir, `${filesDir}-elsewhere`);
    await rename(`${filesDir}-file`, filesDir);
    await upload(PNG, 'p.png', 'image/png').expect(503);
    await rm(filesDir);
    await rename(`${filesDir}-elsewhere`, filesDir);
    await upload(PNG, 'p.png', 'image/png').expect(201);
  });
});
