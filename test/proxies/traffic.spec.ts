import { request } from 'node:http';
import { connect } from 'node:net';
import { beforeAll, describe, expect, it } from 'vitest';
import { CredentialMaker, type Headers } from '../contract/support/credentials.js';
import { PROXIES } from '../support/proxy.js';
import { until } from '../support/until.js';
import { MANY_ACTIONS } from './support/billing.js';
import { Gateway } from './support/gateway.js';
import { newKey } from './support/keys.js';

const MEGABYTE = 1_048_576;
const REQUESTS = 20;

describe.each(PROXIES)('through %s', (name) => {
  const gateway = Gateway.forSuite(name);
  let maker: CredentialMaker;
  let key: Headers;
  beforeAll(async () => {
    maker = await CredentialMaker.prepare(gateway.server);
    key = await newKey(gateway.server, maker, 'org key', ['invoices:read']);
  });

  /** Sends a chunked body, after "100 Continue" if that is asked for. */
  function upload(bytes: number, headers: Headers): Promise<{ status: number; isContinued: boolean }> {
    return new Promise((resolve, reject) => {
      let isContinued = false;
      const put = request(`${gateway.url}/invoices/7`, { method: 'PUT', headers });
      put.once('error', reject);
      put.once('response', (answer) => resolve({ status: answer.resume().statusCode!, isContinued }));
      const send = () => put.end(Buffer.alloc(bytes, 'x'));
      if (headers['Expect'] === undefined) send();
      else {
        put.once('continue', () => {
          isContinued = true;
          send();
        });
      }
    });
  }

  it('a body of 20 MB reaches the service whole', async () => {
    expect(await upload(20 * MEGABYTE, key)).toMatchObject({ status: 200 });
    expect(gateway.service.seen.map(({ method, body }) => [method, body.length])).toEqual([['PUT', 20 * MEGABYTE]]);
  });

  it('a body that waits for 100 Continue reaches the service', async () => {
    expect(await upload(MEGABYTE, { ...key, Expect: '100-continue' })).toEqual({ status: 200, isContinued: true });
    expect(gateway.service.seen.map(({ body }) => body.length)).toEqual([MEGABYTE]);
  });

  it('a WebSocket opens with the scope, and not without', async () => {
    const opened = await webSocket(key);
    expect(opened).toMatch(/^HTTP\/1\.1 101 [^]*\r\n\r\necho$/i);
    const refused = await webSocket(await newKey(gateway.server, maker, 'org key', ['contacts:read']));
    expect(refused).toMatch(/^HTTP\/1\.1 403 /);
    expect(gateway.service.seen).toEqual([]);
  });

  /** What is answered to an upgrade, and then to a message. */
  async function webSocket(headers: Headers): Promise<string> {
    gateway.service.onUpgrade((socket) => {
      socket.write('HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n');
      socket.pipe(socket);
    });
    const { port } = new URL(gateway.url);
    const socket = connect(Number(port), '127.0.0.1');
    let text = '';
    socket.setEncoding('latin1').on('data', (part: string) => (text += part));
    const fields = {
      Host: 'api.example.com',
      Connection: 'Upgrade',
      Upgrade: 'websocket',
      'Sec-WebSocket-Version': '13',
      'Sec-WebSocket-Key': 'dGhlIHNhbXBsZSBub25jZQ==',
      ...headers,
    };
    const lines = Object.entries(fields).map(([field, value]) => `${field}: ${value}`);
    socket.write(['GET /invoices/live HTTP/1.1', ...lines, '', ''].join('\r\n'));
    await until('the upgrade is answered', () => text.includes('\r\n\r\n'));
    if (text.includes(' 101 ')) {
      socket.write('echo');
      await until('the message came back', () => text.endsWith('echo'));
    }
    socket.destroy();
    return text;
  }

  it('hundreds of scopes reach the service in one header', async () => {
    const scopes = MANY_ACTIONS.map((action) => `invoices:${action}`);
    const { status } = await gateway.ask({
      path: '/me',
      headers: await newKey(gateway.server, maker, 'org key', scopes),
    });
    expect(status).toBe(200);
    const [seen] = gateway.service.seen;
    expect(String(seen?.headers['x-gatehouse-scopes']).split(' ').toSorted()).toEqual(scopes.toSorted());
  });

  it('requests and refusals one after the other share one connection to Gatehouse', async () => {
    let connections = 0;
    const count = () => connections++;
    gateway.server.app.getHttpServer().on('connection', count);
    const poor = await newKey(gateway.server, maker, 'org key', ['contacts:read']);
    for (const headers of [key, {}, poor]) {
      for (let sent = 0; sent < REQUESTS; sent++) await gateway.ask({ path: '/invoices/7', headers });
    }
    gateway.server.app.getHttpServer().off('connection', count);
    expect(connections).toBeLessThanOrEqual(1);
  });
});
