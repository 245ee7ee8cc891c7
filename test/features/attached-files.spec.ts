import { beforeEach, expect, it } from 'vitest';
import { Conversations } from '../support/conversations.js';
import { PUBLIC_URL, TestServer } from '../support/start-app.js';
import { filesIn } from '../support/stored-files.js';
import { temporaryFolder } from '../support/temporary-folder.js';
import { UNKNOWN_ID } from '../support/unknown-id.js';
import { until } from '../support/until.js';

const MEGABYTE = 1024 * 1024;
const PNG = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
);
const TEXT = Buffer.from('A form');
const LINK = { name: 'link', url: 'https://example.com/', mime_type: 'text/html' };
const large = (bytes: number) => Buffer.concat([PNG, Buffer.alloc(bytes - PNG.length)]);

const filesDir = temporaryFolder();
const server = TestServer.forSuite({ FILES_DIR: filesDir, LIMIT_STORAGE_MB_PER_ORG: '30' });
let ours: Conversations;
beforeEach(async () => {
  ours = await Conversations.of(server);
});

type SentFile = readonly [content: Buffer, filename: string, contentType?: string];

function sendForm(id: string, files: readonly SentFile[], fields: Readonly<Record<string, unknown>> = {}) {
  const parts = { sender: 'contact', message: { type: 'text' }, ...fields };
  const request = ours.client.post(`/chat/sessions/${id}/send`);
  for (const [name, value] of Object.entries(parts)) {
    void request.field(name, typeof value === 'string' ? value : JSON.stringify(value));
  }
  for (const [content, filename, contentType] of files) {
    void request.attach('file', content, { filename, ...(contentType !== undefined && { contentType }) });
  }
  return request;
}
const storedOf = async ({ id }: { readonly id: string }) =>
  (await server.database.pool.query('SELECT state FROM stored_files WHERE org_id = $1', [id])).rows;

it('files of a form are attachments that a signed link serves, after those of the JSON', async () => {
  const id = await ours.start();
  const picture = large(2 * MEGABYTE);
  const message = { type: 'text', text: 'Both sides', attachments: [LINK] };
  const files: SentFile[] = [
    [picture, 'Grüße.png', 'image/png'],
    [TEXT, 'form.bin', 'application/octet-stream'],
  ];
  const { body } = await sendForm(id, files, { message, contact: { name: 'Ada' } }).expect(200);
  expect(body).toEqual({ success: true, data: { success: true, session_is_handed_off: false } });
  const [{ event }] = (await ours.history(id)) as [Awaited<ReturnType<Conversations['history']>>[0]];
  expect(event).toMatchObject({ content: { text: 'Both sides' }, sender: { type: 'contact', name: 'Ada' } });
  expect(event.attachments).toEqual([
    { id: expect.any(String), ...LINK },
    { id: expect.any(String), name: 'Grüße.png', mime_type: 'image/png', url: expect.any(String) },
    { id: expect.any(String), name: 'form.bin', mime_type: 'text/plain', url: expect.any(String) },
  ]);
  for (const [index, content] of [picture, TEXT].entries()) {
    const { href } = new URL(event.attachments![index + 1]!.url);
    expect(href.startsWith(`${PUBLIC_URL}/media/`)).toBe(true);
    const path = href.slice(PUBLIC_URL.length);
    const { body: read, headers } = await server.http.get(path).buffer(true).expect(200);
    expect(content.equals(read as Buffer)).toBe(true);
    expect(headers).toMatchObject({
      'content-type': 'application/octet-stream',
      'cache-control': 'private, no-store',
      'content-security-policy': "default-src 'none'; sandbox",
    });
    expect(headers['content-disposition']).toMatch(/^attachment; filename/);
    await server.http.get(path.replace(/.$/, (last) => (last === 'A' ? 'B' : 'A'))).expect(404);
  }
});

it('a message of an agent can be files only, and takes over the session', async () => {
  const id = await ours.start();
  const fields = { sender: 'agent', agent: { name: 'Ben' }, should_take_over_session_from_ai: true };
  const files = Array.from({ length: 5 }, (_, index): SentFile => [TEXT, `${index}.txt`]);
  await sendForm(id, files, fields).expect(200);
  const [sent, takeover] = (await ours.history(id)).map(({ event }) => event);
  expect(sent!.attachments).toMatchObject(files.map(([, name]) => ({ name })));
  expect(takeover).toMatchObject({ type: 'human_agent_takeover' });
});

it('a refused file or field refuses the whole message, and nothing is stored', async () => {
  const id = await ours.start();
  const before = await filesIn(filesDir);
  const good: SentFile = [TEXT, 'a.txt', 'text/plain'];
  const links = (count: number) => ({ message: { type: 'text', attachments: Array(count).fill(LINK) } });
  const refusals: [number, string, ReturnType<typeof sendForm>][] = [
    [415, 'The file must be', sendForm(id, [good, [Buffer.from('MZ\0\0'), 'a.exe', 'application/octet-stream']])],
    [400, 'file was sent as image/png, but is text/plain', sendForm(id, [good, [TEXT, 'a.png', 'image/png']])],
    [400, 'file is empty', sendForm(id, [good, [Buffer.alloc(0), 'b.txt', 'text/plain']])],
    [413, 'The file is larger than 10 MiB.', sendForm(id, [good, [large(10 * MEGABYTE + 1), 'a.png']])],
    [400, 'file must be at most 5 parts', sendForm(id, Array<SentFile>(6).fill(good))],
    [400, 'file and message.attachments together must be at most 5', sendForm(id, [good, good], links(4))],
    [400, 'message.attachments must contain', sendForm(id, [good], links(6))],
    [400, 'file is required', sendForm(id, [])],
    [400, 'sender must be', sendForm(id, [good], { sender: 'robot' })],
    [400, 'The body is not valid JSON.', sendForm(id, [good], { message: '{' })],
    [400, 'agent is only for a message of an agent', sendForm(id, [good], { agent: { name: 'Ben' } })],
    [400, 'title is not a known field', sendForm(id, [good], { title: 'A' })],
    [404, 'Chat session not found', sendForm(UNKNOWN_ID, [good])],
  ];
  for (const [status, message, request] of refusals) {
    const { body } = await request;
    expect(body).toMatchObject({ statusCode: status, message: expect.stringContaining(message) });
  }
  const full = Array<SentFile>(4).fill([large(9 * MEGABYTE), 'a.png', 'image/png']);
  expect((await sendForm(id, full).expect(409)).body).toMatchObject({ code: 'storage_full' });
  expect(await ours.history(id)).toEqual([]);
  expect(await storedOf(ours.org)).toEqual([]);
  expect(await filesIn(filesDir)).toEqual(before);
});

it('a redaction deletes files and their bytes from the total', async () => {
  const before = await filesIn(filesDir);
  const id = await ours.start();
  await sendForm(id, [
    [large(10 * MEGABYTE), 'a.png'],
    [TEXT, 'a.txt'],
  ]).expect(200);
  const [entry] = await ours.history(id);
  const links = entry!.event.attachments!.map(({ url }) => url.slice(PUBLIC_URL.length));
  await ours.client.post('/redaction/message').send({ message_id: entry!.id }).expect(200);
  for (const link of links) await server.http.get(link).expect(404);
  await until('its files are deleted', async () => (await storedOf(ours.org)).length === 0);
  expect(await filesIn(filesDir)).toEqual(before);
  const files = Array<SentFile>(3).fill([large(9 * MEGABYTE), 'a.png', 'image/png']);
  await sendForm(id, files).expect(200);
});
