import { beforeAll, describe, expect, it } from 'vitest';
import { burst, burstOf, rateLimitStanding, statusCounts } from '../support/burst.js';
import { SqlCount } from '../support/sql-count.js';
import { type Client, TestServer } from '../support/start-app.js';
import { until } from '../support/until.js';

const PER_MINUTE = 20;
const READERS = 30;
const ROUTES = 7;
const MESSAGE = `Rate limit exceeded: ${PER_MINUTE} requests per minute.`;

interface Center {
  readonly client: Client;
  readonly id: string;
  readonly domain: string;
  readonly slug: string;
}

let centers = 0;
async function newCenter(server: TestServer): Promise<Center> {
  const client = await server.newClient();
  const domain = `help${++centers}.acme.example`;
  const center = { name: 'Acme Help', primary_language: 'en', custom_domain: domain };
  const { id } = (await client.put('/help-center').send(center).expect(201)).body;
  const category_id = (await client.post('/help-center/categories').send({ name: 'Booking' }).expect(201)).body.id;
  const article = { category_id, title: 'Refunds', content: 'Within *five* days.' };
  const { body } = await client.post('/help-center/articles').send(article).expect(201);
  await client.post(`/help-center/articles/${body.id}/publish`).expect(200);
  return { client, id, domain, slug: body.slug };
}

/** Every public route of the help center. */
const routesOf = ({ id, domain, slug }: Center) => [
  { path: `/public/help-centers/${id}` },
  { path: `/public/help-centers/${id}/articles` },
  { path: `/public/help-centers/${id}/articles/${slug}` },
  { path: `/help/${id}` },
  { path: `/help/${id}/${slug}` },
  { path: '/articles', headers: { Host: domain } },
  { path: `/articles/${slug}`, headers: { Host: domain } },
];

describe('the limit of one client address', () => {
  const server = TestServer.forSuite({ LIMIT_HELP_CENTER_PER_MINUTE: String(PER_MINUTE), DATABASE_FAST_LANE: 'off' });
  let center: Center;
  beforeAll(async () => void (center = await newCenter(server)));

  const from = (address: string) => ({ 'X-Forwarded-For': address });

  it('is exact under concurrency, over all routes together, and other addresses are unaffected', async () => {
    const routes = routesOf(center);
    const all = Array.from({ length: 3 * PER_MINUTE }, (_, index) => {
      const route = routes[index % routes.length]!;
      return { ...route, headers: { ...route.headers, ...from('192.0.2.1') } };
    });
    const answers = await burst(server.url, all);
    expect(statusCounts(answers)).toEqual({ 200: PER_MINUTE, 429: 2 * PER_MINUTE });
    const left = answers.map((answer) => rateLimitStanding(answer, 'help-center-min').r);
    expect(Math.min(...left)).toBe(0);
    const refused = answers.find(({ status }) => status === 429)!;
    expect(JSON.parse(refused.body)).toEqual({ statusCode: 429, message: MESSAGE, code: 'rate_limited' });
    expect(refused.headers.get('retry-after')).toMatch(/^\d+$/);
    expect(refused.headers.get('ratelimit-policy')).toBe(`"help-center-min";q=${PER_MINUTE};w=60`);
    const other = await server.http.get(`/help/${center.id}`).set(from('192.0.2.2')).expect(200);
    expect(other.headers['ratelimit']).toMatch(new RegExp(`^"help-center-min";r=${PER_MINUTE - 1};t=\\d+$`));
    await center.client.get('/help-center').set(from('192.0.2.1')).expect(200);
  });

  it('counts unknown help centers and articles too, and all addresses of an IPv6 /64 as one', async () => {
    const requests = Array.from({ length: PER_MINUTE }, (_, index) => ({
      path: index % 2 === 0 ? `/help/unknown-${index}` : `/public/help-centers/${center.id}/articles/x${index}`,
      headers: from(`2001:db8::${index + 1}`),
    }));
    expect(statusCounts(await burst(server.url, requests))).toEqual({ 404: PER_MINUTE });
    await server.http.get(`/help/${center.id}`).set(from('2001:db8::ffff')).expect(429);
    await server.http.get(`/help/${center.id}`).set(from('2001:db8:0:1::1')).expect(200);
  });

  it('refuses before any SQL', async () => {
    const request = { path: '/help/nowhere', headers: from('192.0.2.3') };
    await burstOf(server.url, PER_MINUTE, request);
    const sql = SqlCount.start();
    try {
      const sent = await sql.during(async () => {
        const answers = await burst(
          server.url,
          routesOf(center).map((route) => ({ ...route, headers: { ...route.headers, ...request.headers } })),
        );
        expect(statusCounts(answers)).toEqual({ 429: routesOf(center).length });
      });
      expect(sent).toEqual([]);
    } finally {
      sql.stop();
    }
  });
});

describe('what was published', () => {
  const server = TestServer.forSuite({ DATABASE_FAST_LANE: 'off' });

  it.each(Array.from({ length: ROUTES }, (_, index) => index))(
    'is read once for a burst of readers (route %d)',
    async (index) => {
      const center = await newCenter(server);
      const route = routesOf(center)[index]!;
      const sql = SqlCount.start();
      try {
        const one = await sql.during(async () => {
          expect(statusCounts(await burstOf(server.url, READERS, route))).toEqual({ 200: READERS });
        });
        expect(one.filter((text) => /help_center/.test(text)).length).toBeLessThanOrEqual(2);
        expect(one.length).toBeGreaterThan(0);
        // Repeated, because a slow machine may take longer than a body is kept.
        await until('a later burst costs nothing', async () => {
          return (await sql.during(() => burstOf(server.url, READERS, route))).length === 0;
        });
      } finally {
        sql.stop();
      }
    },
  );

  it('is shown as it is now after every write through this server', async () => {
    const { client, id, slug } = await newCenter(server);
    const read = () => server.http.get(`/public/help-centers/${id}/articles/${slug}`);
    const articleId = (await client.get('/help-center/articles').expect(200)).body.items[0].id as string;
    for (const title of ['One', 'Two', 'Three']) {
      await read().expect(200);
      await client.patch(`/help-center/articles/${articleId}`).send({ title }).expect(200);
      expect((await read().expect(200)).body.title).toBe(title);
    }
    await client.delete(`/help-center/articles/${articleId}`).expect(204);
    await read().expect(404);
  });
});
