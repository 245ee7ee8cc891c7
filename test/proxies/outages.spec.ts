import { beforeAll, describe, expect, it } from 'vitest';
import { CredentialMaker, type Headers } from '../contract/support/credentials.js';
import { PROXIES } from '../support/proxy.js';
import { Gateway } from './support/gateway.js';
import { newKey } from './support/keys.js';

describe.each(PROXIES)('through %s', (name) => {
  const gateway = Gateway.forSuite(name);
  let key: Headers;
  beforeAll(async () => {
    const maker = await CredentialMaker.prepare(gateway.server);
    key = await newKey(gateway.server, maker, 'org key', ['invoices:read']);
  });
  const statusOf = async (path: string) => (await gateway.ask({ path, headers: key })).status;

  async function expectClosed(path: string): Promise<void> {
    const { status, headers, body } = await gateway.ask({ path, headers: key });
    expect([path, status, headers['retry-after'], headers['content-type']]).toEqual([
      path,
      503,
      '1',
      'application/json; charset=utf-8',
    ]);
    expect(JSON.parse(body)).toMatchObject({ statusCode: 503, code: 'verification_unavailable' });
    expect(gateway.service.seen).toEqual([]);
  }

  it('without Gatehouse every request is 503, and nothing reaches the service, until Gatehouse is back', async () => {
    gateway.link.refuse(true);
    await expectClosed('/invoices/7');
    await expectClosed('/status');
    gateway.link.refuse(false);
    expect(await statusOf('/invoices/7')).toBe(200);
  });

  it('while Gatehouse hangs a request is 503 in the end, and does not reach the service', async () => {
    gateway.link.freeze();
    await expectClosed('/invoices/7');
    gateway.link.thaw();
    gateway.link.cut();
    expect(await statusOf('/invoices/7')).toBe(200);
  });

  it.each([401, 403, 404, 429, 500, 502, 503, 504])('a %i of the service itself passes unchanged', async (status) => {
    gateway.service.answers(status, { from: 'the service' }, { 'WWW-Authenticate': 'Own', 'Retry-After': '77' });
    const answer = await gateway.ask({ path: '/invoices/7', headers: key });
    expect([answer.status, answer.body]).toEqual([status, '{"from":"the service"}']);
    expect([answer.headers['www-authenticate'], answer.headers['retry-after']]).toEqual(['Own', '77']);
  });

  it('a service that is away is 502, which is no refusal of Gatehouse', async () => {
    gateway.service.answer = (request) => request.socket.destroy();
    const { status, headers } = await gateway.ask({ path: '/invoices/7', headers: key });
    expect([status, headers['retry-after']]).toEqual([502, undefined]);
  });
});
