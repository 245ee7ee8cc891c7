import { afterAll, beforeAll, expect, it } from 'vitest';
import { inParallel } from './support/in-parallel.js';
import { exchange } from './support/raw-http.js';
import { concretePath, type ServedRoute, startServer } from './support/served-routes.js';
import type { TestServer } from '../support/start-app.js';

let server: TestServer;
let answers: [path: string, headers: Readonly<Record<string, string>>][];
beforeAll(async () => {
  const started = await startServer({ PUBLIC_URL: 'https://gatehouse.test' });
  server = started.server;
  answers = await answersTo(started.routes);
});
afterAll(() => server.close());

/** The headers of every GET route without a credential, and of bytes that are not HTTP. */
async function answersTo(routes: readonly ServedRoute[]): Promise<typeof answers> {
  const paths = routes.filter(({ method }) => method === 'GET').map(({ path }) => concretePath(path));
  const asked = await inParallel([...paths, '/nowhere', '/%'], async (path) => {
    const { headers } = await server.http.get(path);
    return [path, headers] as [string, Record<string, string>];
  });
  return [...asked, ['noise', (await exchange(server.url, 'noise\r\n\r\n')).headers]];
}

it('every answer has Strict-Transport-Security behind https, and nosniff', async () => {
  const lacking = answers.filter(
    ([, headers]) =>
      headers['strict-transport-security'] !== 'max-age=31536000' || headers['x-content-type-options'] !== 'nosniff',
  );
  expect(lacking.map(([path]) => path)).toEqual([]);
});

it('every page has a Content-Security-Policy, refuses framing and sends no referrer', async () => {
  const pages = answers.filter(([, headers]) => headers['content-type']?.startsWith('text/html'));
  expect(pages.length).toBeGreaterThan(0);
  const directives = ["frame-ancestors 'none'", "base-uri 'none'"];
  const lax = pages.filter(([, headers]) => {
    const policy = headers['content-security-policy'] ?? '';
    return (
      !/^default-src '(self|none)'/.test(policy) ||
      directives.some((directive) => !policy.includes(directive)) ||
      policy.includes('unsafe') ||
      headers['referrer-policy'] !== 'no-referrer' ||
      headers['cache-control'] !== 'no-store'
    );
  });
  expect(lax.map(([path]) => path)).toEqual([]);
});
