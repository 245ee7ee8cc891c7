import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Child } from '../support/child-process.js';
import { freePort } from '../support/free-port.js';
import { HttpClient } from '../support/http-client.js';
import { Installation } from '../support/installation.js';
import { type OwnCertificate, ownCertificate } from '../support/own-certificate.js';
import { OwnRedis } from '../support/own-redis.js';
import { REDIS_PROGRAM } from '../support/system-programs.js';
import { until } from '../support/until.js';

const LIMIT = 20;
/** With the rights that docs/operations.md lists, and no others. */
const USER = 'gatehouse on >p@ss ~gatehouse:limit:* +eval +evalsha +get +set +incr +pexpire +pttl +info'.split(' ');
const IN_CLUSTER = ['+cluster|slots', '+cluster|info'];

let folder: string;
let certificate: OwnCertificate;
let installation: Installation;
const started: { close(): Promise<unknown> }[] = [];
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'gatehouse-tls-'));
  certificate = await ownCertificate(folder);
  await writeFile(join(folder, 'key.pem'), certificate.key);
  installation = await Installation.create();
});
afterAll(async () => {
  await installation.close();
  await Promise.all(started.map((each) => each.close()));
  await rm(folder, { recursive: true });
});

/** Settings of a server that answers over TLS only. */
function encrypted(port: number): string[][] {
  return [
    ['port', '0'],
    ['tls-port', String(port)],
    ['tls-cert-file', certificate.file],
    ['tls-key-file', join(folder, 'key.pem')],
    ['tls-ca-cert-file', certificate.file],
    ['tls-auth-clients', 'no'],
  ];
}

/** Returns its port. */
async function startRedis(...settings: string[][]): Promise<number> {
  const port = await freePort();
  const all = [...encrypted(port), ...settings];
  started.push(await OwnRedis.start(all.flatMap(([name, ...values]) => [`--${name}`, ...values])));
  return port;
}

async function startSentinel(masterPort: number): Promise<number> {
  const port = await freePort();
  const file = join(folder, `${port}.conf`);
  const settings = [...encrypted(port), ['dir', folder], ['tls-replication', 'yes']].map((each) => each.join(' '));
  await writeFile(file, [...settings, `sentinel monitor limits 127.0.0.1 ${masterPort} 1`].join('\n'));
  const sentinel = new Child(REDIS_PROGRAM, [file, '--sentinel'], { cwd: folder });
  started.push({ close: () => sentinel.end('SIGKILL') });
  await until('the sentinel watches', () => sentinel.output.includes('+monitor master'));
  return port;
}

/** A cluster of one node. */
async function startCluster(): Promise<number> {
  const busPort = String(await freePort());
  const cluster = [
    ['cluster-enabled', 'yes'],
    ['cluster-port', busPort],
    ['tls-cluster', 'yes'],
    ['cluster-announce-ip', '127.0.0.1'],
  ];
  const port = await startRedis(['user', ...USER, ...IN_CLUSTER], ...cluster);
  const inside = new Redis({ port, tls: { ca: certificate.cert } });
  await inside.call('CLUSTER', 'ADDSLOTSRANGE', 0, 16_383);
  inside.disconnect();
  return port;
}

test.each([
  ['one server', async () => `rediss://gatehouse:p%40ss@127.0.0.1:${await startRedis(['user', ...USER])}`],
  [
    'Sentinel',
    async () => {
      const sentinel = await startSentinel(await startRedis(['user', ...USER]));
      return `rediss+sentinel://gatehouse:p%40ss@127.0.0.1:${sentinel}/limits`;
    },
  ],
  ['a cluster', async () => `rediss+cluster://gatehouse:p%40ss@localhost:${await startCluster()}`],
])('limits are shared over TLS by a user with the documented rights only: %s', async (_, start) => {
  const settings = { REDIS_URL: await start(), NODE_EXTRA_CA_CERTS: certificate.file };
  const servers = await installation.startServers(2, settings);
  await Promise.all(servers.map((server) => server.is('shared', ({ rate_limits }) => rate_limits === 'shared')));
  const orgId = await installation.newOrg(servers[0]!);
  const { key } = await installation.newKey(servers[0]!, orgId, { rate_limit: { per_hour: LIMIT } });
  const client = new HttpClient(key);
  const asked = Array.from({ length: 3 * LIMIT }, (_each, at) => client.ask(servers[at % 2]!.url, { path: '/whoami' }));
  const statuses = (await Promise.all(asked)).map(({ status }) => status);
  expect(statuses.filter((status) => status === 200)).toHaveLength(LIMIT);
  client.close();
  expect(servers.flatMap((server) => server.complaints)).toEqual([]);
  await Promise.all(servers.map((server) => server.kill()));
});
