import { beforeEach, expect, it } from 'vitest';
import { type Client, PUBLIC_URL, type TestOrg, TestServer } from '../support/start-app.js';
import { filesIn } from '../support/stored-files.js';
import { temporaryFolder } from '../support/temporary-folder.js';

const PNG = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
);
const PICTURES: Readonly<Record<string, Buffer>> = {
  'image/png': PNG,
  'image/jpeg': Buffer.concat([Buffer.from('ffd8ffe000104a46494600010100000100010000', 'hex'), Buffer.alloc(64, 1)]),
  'image/gif': Buffer.from('R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7', 'base64'),
  'image/webp': Buffer.from('UklGRiIAAABXRUJQVlA4IBYAAAAwAQCdASoBAAEADsD+JaQAA3AAAAAA', 'base64'),
};
const SVG = Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>');

const filesDir = temporaryFolder();
const server = TestServer.forSuite({ FILES_DIR: filesDir });
let org: TestOrg;
let client: Client;
beforeEach(async () => {
  org = await server.newOrg();
  client = await server.newClient(org, { scopes: ['media:write'] });
});

const upload = (content: Buffer, contentType: string, filename = 'picture') =>
  client.post('/media/upload').attach('file', content, { filename, contentType });
const uploaded = async (content: Buffer = PNG, type = 'image/png'): Promise<{ id: string; url: string }> =>
  (await upload(content, type).expect(201)).body;

it.each(Object.entries(PICTURES))('an uploaded %s is public, with its type', async (type, content) => {
  const { id, url } = await uploaded(content, type);
  expect(id).toMatch(/^[0-9a-f]{32}$/);
  expect(url).toBe(`${PUBLIC_URL}/media/${id}`);
  for (const anybody of [server.http, server.as('nonsense')]) {
    const { body, headers } = await anybody.get(`/media/${id}`).buffer(true).expect(200);
    expect(content.equals(body as Buffer)).toBe(true);
    expect(headers).toMatchObject({
      'content-type': type,
      'content-length': String(content.length),
      'cache-control': 'public, max-age=31536000, immutable',
      'content-security-policy': "default-src 'none'; sandbox",
      'x-content-type-options': 'nosniff',
      etag: `"${id}"`,
    });
  }
});

it('a picture answers 304 to its ETag, and HEAD with its size', async () => {
  const { id } = await uploaded();
  const again = await server.http.get(`/media/${id}`).set('If-None-Match', `"other", W/"${id}"`).expect(304);
  expect([again.text ?? '', again.headers['etag']]).toEqual(['', `"${id}"`]);
  const { headers } = await server.http.head(`/media/${id}`).expect(200);
  expect(headers['content-length']).toBe(String(PNG.length));
});

it('an unknown id is 404, and there is no list', async () => {
  const { id } = await uploaded();
  const missing = { statusCode: 404, message: 'Media not found', error: 'Not Found', code: 'not_found' };
  for (const other of ['0'.repeat(32), id.toUpperCase(), id.slice(1), `${id}0`, 'upload', '..%2f..']) {
    expect((await server.http.get(`/media/${other}`).expect(404)).body).toEqual(missing);
  }
  await client.get('/media').expect(404);
});

it('a file of another type, a false type or too large is refused, and nothing is stored', async () => {
  const before = await filesIn(filesDir);
  const refusals: [number, ReturnType<typeof upload>][] = [
    [415, upload(SVG, 'image/svg+xml')],
    [415, upload(SVG, 'image/png')],
    [415, upload(Buffer.from('hello'), 'text/plain')],
    [415, upload(Buffer.from('%PDF-1.7\n'), 'application/pdf')],
    [415, upload(PNG, 'text/html')],
    [400, upload(PNG, 'image/jpeg')],
    [400, upload(PICTURES['image/gif']!, 'image/webp')],
    [400, upload(Buffer.alloc(0), 'image/png')],
    [413, upload(Buffer.concat([PNG, Buffer.alloc(5 * 1024 * 1024)]), 'image/png')],
    [400, upload(PNG, 'image/png').attach('file', PNG, { filename: 'b.png', contentType: 'image/png' })],
    [400, upload(PNG, 'image/png').field('title', 'A picture')],
    [400, client.post('/media/upload').field('title', 'A picture')],
    [415, client.post('/media/upload').send({})],
  ];
  for (const [status, request] of refusals) expect((await request).status).toBe(status);
  expect(await filesIn(filesDir)).toEqual(before);
  const { rows } = await server.database.pool.query('SELECT FROM stored_files WHERE org_id = $1', [org.id]);
  expect(rows).toEqual([]);
});

it('a picture may have up to 5 MiB', async () => {
  const content = Buffer.concat([PNG, Buffer.alloc(5 * 1024 * 1024 - PNG.length)]);
  const { id } = await uploaded(content);
  const { headers } = await server.http.get(`/media/${id}`).expect(200);
  expect(headers['content-length']).toBe(String(content.length));
});
