import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Answer } from '../support/http-client.js';
import { Installation } from '../support/installation.js';
import { Load, random, scaled } from '../support/load.js';
import { report } from '../support/report.js';
import type { ServerProcess } from '../support/server-process.js';
import { StubServer } from '../support/stub-server.js';
import { until } from '../support/until.js';
import { verified } from '../support/webhook-receiver.js';

const PROCESSES = 3;
/** `FAULTS_SCALE=4` for twenty. */
const KILLS = scaled(5);
const WRITERS = 6;
const WRITES_BETWEEN_KILLS = 10;
const ANSWER_MS_MAX = 100;
const QUIET_KEYS = scaled(60);

let installation: Installation;
let receiver: StubServer;
let servers: ServerProcess[];
let orgId: string;
let secret: string;
beforeAll(async () => {
  receiver = await StubServer.start('127.0.0.1');
  // Slow enough that some kills hit a delivery under way.
  receiver.answer = (_request, response) => {
    setTimeout(() => response.writeHead(204).end(), Math.random() * ANSWER_MS_MAX);
  };
  installation = await Installation.create();
  servers = await installation.startServers(PROCESSES, settings());
  orgId = await installation.newOrg(servers[0]!);
  const body = { url: `${receiver.url}/`, events: ['api_key.*'] };
  const request = { method: 'POST', path: '/partner/v1/webhooks', body };
  const answer = await installation.partner.ask(servers[0]!.url, request);
  secret = (JSON.parse(answer.body) as { signing_secret: string }).signing_secret;
});
afterAll(async () => {
  await installation.close();
  await receiver.close();
});

const settings = () => ({ OUTBOUND_ALLOWED_HOSTS: `127.0.0.1:${receiver.port}` });

/** What the audit says that was committed. */
async function committed(): Promise<string[]> {
  const sql = `SELECT action, target_id FROM audit_entries WHERE chain = $1 AND action LIKE 'api_key.%'`;
  const { rows } = await installation.database.query<{ action: string; target_id: string }>(sql, [orgId]);
  return rows.map(({ action, target_id }) => `${action} ${target_id}`).sort();
}

/** What has arrived, by `webhook-id`, each with a valid signature. */
function arrived(): Map<string, string> {
  return new Map(
    receiver.seen.map((request) => {
      const { type, data } = verified(request, secret);
      return [String(request.headers['webhook-id']), `${type} ${String(data['id'])}`];
    }),
  );
}

async function arePending(): Promise<boolean> {
  const sql = `SELECT FROM webhook_deliveries WHERE status <> 'delivered' LIMIT 1`;
  return (await installation.database.query(sql)).rows.length > 0;
}

const keysPath = () => `/partner/v1/orgs/${orgId}/api-keys`;

function askForKey({ url }: ServerProcess): Promise<Answer> {
  return installation.partner.ask(url, { method: 'POST', path: keysPath(), body: {} });
}

test('three processes deliver each event once', async () => {
  for (let key = 0; key < QUIET_KEYS; key++) await installation.newKey(servers[key % PROCESSES]!, orgId);
  await until('all are delivered', async () => !(await arePending()));
  expect([...arrived().values()].sort()).toEqual(await committed());
  expect(receiver.seen).toHaveLength(QUIET_KEYS);
});

test(`after ${KILLS} times kill -9 under load, exactly the committed changes have arrived`, async () => {
  let answered = 0;
  let unanswered = 0;
  const refused: string[] = [];
  const load = new Load(WRITERS, async () => {
    const server = random(servers);
    try {
      const created = await askForKey(server);
      if (created.status !== 201) return void refused.push(`${created.status}: ${created.body}`);
      const { api_key_id: id } = JSON.parse(created.body) as { api_key_id: string };
      const revoked = await installation.partner.ask(server.url, { method: 'DELETE', path: `${keysPath()}/${id}` });
      if (revoked.status === 204) answered += 1;
      else refused.push(`${revoked.status}: ${revoked.body}`);
    } catch {
      // The process died: the audit says what it had committed.
      unanswered += 1;
      await sleep(5);
    }
  });
  for (let kill = 0; kill < KILLS; kill++) {
    const enough = answered + WRITES_BETWEEN_KILLS;
    await until('writes are answered', () => answered >= enough);
    const place = kill % PROCESSES;
    await servers[place]!.kill();
    servers[place] = await installation.startServer(settings());
  }
  await load.stop();
  expect(refused).toEqual([]);
  await until('all are delivered', async () => !(await arePending()), { everyMs: 100 });
  const events = arrived();
  expect([...events.values()].sort()).toEqual(await committed());
  expect(unanswered).toBeGreaterThan(0);
  const repeated = receiver.seen.length - events.size;
  report(`${KILLS} times kill -9`, { events: events.size, unanswered, 'sent again': repeated });
});
