import { afterAll, beforeAll, expect, it } from 'vitest';
import { TestServer } from '../support/start-app.js';
import { expectAnswer } from './support/expect-answer.js';

const SECONDS_OF_A_MINUTE = /^([1-9]|[1-5]\d|60)$/;

let server: TestServer;
beforeAll(async () => {
  // The limits of the contract [S1].
  server = await TestServer.start({ LIMIT_PARTNER_PER_MINUTE: '100', LIMIT_LOGIN_LINKS_PER_MINUTE: '30' });
});
afterAll(() => server.close());

it('the 429 of a partner key has the limit of 100 requests per minute and Retry-After', async () => {
  const fresh = await server.newPartner();
  const list = () => server.as(fresh.key).get('/partner/v1/orgs');
  await Promise.all(Array.from({ length: 100 }, () => list().expect(200)));
  const answer = await list();
  expectAnswer(
    answer,
    429,
    '{"statusCode":429,"message":"Rate limit exceeded: 100 requests per minute.","code":"rate_limited"}',
    {
      'ratelimit-policy': '"partner-min";q=100;w=60',
      'retry-after': expect.stringMatching(SECONDS_OF_A_MINUTE) as string,
    },
  );
  expect(answer.headers['ratelimit']).toBe(`"partner-min";r=0;t=${answer.headers['retry-after']}`);
});

it('a 429 names the exceeded window', async () => {
  const fresh = await server.newOrg();
  const { key: limited } = await server.newOrgKey(fresh, { rate_limit: { per_minute: 50, per_hour: 1 } });
  await server.as(limited).get('/whoami').expect(200);
  expectAnswer(
    await server.as(limited).get('/whoami'),
    429,
    '{"statusCode":429,"message":"Rate limit exceeded: 1 request per hour.","code":"rate_limited"}',
    {
      'ratelimit-policy': '"key-min";q=50;w=60, "key-hour";q=1;w=3600',
      ratelimit: expect.stringMatching(/^"key-min";r=49;t=\d+, "key-hour";r=0;t=\d+$/) as string,
    },
  );
  const link = () =>
    server.as(fresh.partner.key).post(`/partner/v1/orgs/${fresh.id}/login-links`).send({ email: 'a@b.example' });
  await Promise.all(Array.from({ length: 30 }, () => link().expect(201)));
  expectAnswer(
    await link(),
    429,
    '{"statusCode":429,"message":"Rate limit exceeded: 30 requests per minute.","code":"rate_limited"}',
    {
      'ratelimit-policy': '"partner-min";q=100;w=60, "login-links-min";q=30;w=60',
      'retry-after': expect.stringMatching(SECONDS_OF_A_MINUTE) as string,
    },
  );
});
