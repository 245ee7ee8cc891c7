import { expect, test } from 'vitest';
import { declareBilling } from '../proxies/support/billing.js';
import { Installation } from '../support/installation.js';
import { scaled } from '../support/load.js';
import { Proxy } from '../support/proxy.js';
import { AFTER_ANSWER, Revocations } from '../support/revocations.js';
import { StubServer } from '../support/stub-server.js';
import { expectNoneAccepted } from '../support/trio.js';

const PROCESSES = 2;
const KEYS = scaled(200);
const AT_ONCE = 4;

test('through nginx before two processes, no request that starts after the answer reaches the service', async () => {
  const installation = await Installation.create();
  const service = await StubServer.start('127.0.0.1');
  await declareBilling(installation.database);
  const servers = await installation.startServers(PROCESSES);
  const gatehouse = servers.map(({ url }) => new URL(url).host);
  const nginx = await Proxy.start('nginx', { gatehouse, service: `127.0.0.1:${service.port}` });
  try {
    const keys = await installation.storeKeys(await installation.newOrg(servers[0]!), KEYS);
    const race = new Revocations(installation, servers, { url: nginx.url, path: '/invoices/7' });
    race.startLoad();
    await race.revokeKeys(keys, AT_ONCE);
    await race.settle();
    expectNoneAccepted('through nginx', race);
    const arrived = service.seen.map(({ headers }) => String(headers['x-request-id']));
    expect(arrived.length).toBeGreaterThan(KEYS);
    expect(arrived.filter((id) => id.startsWith(AFTER_ANSWER))).toEqual([]);
    expect(servers.flatMap((server) => server.complaints)).toEqual([]);
  } finally {
    await nginx.stop();
    await service.close();
    await installation.close();
  }
});
