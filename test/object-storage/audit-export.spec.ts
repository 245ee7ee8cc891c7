import { afterAll, beforeAll, expect, test } from 'vitest';
import { ObjectSink } from '../../src/kit/audit/export/object-sink.js';
import { ObjectStorage } from '../../src/core/object-storage/object-storage.js';
import type { ReceivedEvent } from '../support/audit-receivers.js';
import { STEP_HANG_MS } from '../support/hang.js';
import { OwnSwift } from '../support/own-swift.js';
import { TestServer } from '../support/start-app.js';
import { until } from '../support/until.js';

let swift: OwnSwift;
let storage: ObjectStorage;
beforeAll(async () => {
  swift = await OwnSwift.start();
  storage = new ObjectStorage({ ...swift.config, prefix: 'audit/' });
});
afterAll(async () => {
  await storage.close();
  await swift.remove();
});

const server = TestServer.forSuite(() => ({
  ...swift.environment,
  AUDIT_EXPORT_URL: `s3://${swift.config.bucket}/audit`,
}));

async function keys(): Promise<string[]> {
  const found: string[] = [];
  for await (const page of storage.list()) found.push(...page.map(({ key }) => key));
  return found;
}

/** Every exported line, in the order of the keys. */
async function exported(): Promise<ReceivedEvent[]> {
  const texts = await Promise.all((await keys()).map((key) => storage.read(key)));
  const lines = texts.flatMap((text) => text!.toString().trimEnd().split('\n'));
  return lines.map((line) => JSON.parse(line) as ReceivedEvent);
}

async function untilExported(): Promise<void> {
  await until(
    'all entries are objects',
    async () => {
      const { rows } = await server.owner.query<{ id: string }>('SELECT id FROM audit_entries');
      const ids = new Set((await exported()).map(({ metadata }) => metadata['uid']));
      return rows.every(({ id }) => ids.has(id));
    },
    { everyMs: 200 },
  );
}

test('objects in the order of their keys have every entry once, in the order of its chain', async () => {
  const org = await server.newOrg();
  await server.newOrgKey(org);
  await untilExported();
  expect(await keys()).toEqual((await keys()).toSorted());
  expect((await keys())[0]).toMatch(/^\d{4}\/\d\d\/\d\d\/\d{8}T\d{9}Z-0000000001\.jsonl$/);
  const ofOrg = (await exported()).filter(({ metadata }) => metadata['tenant_uid'] === org.id);
  expect(ofOrg.map(({ metadata }) => metadata['sequence'])).toEqual([1, 2]);
});

test('a store that is away delays the export', async () => {
  await swift.kill();
  const org = await server.newOrg();
  const sql = 'SELECT error FROM audit_export_sinks WHERE failing_since IS NOT NULL';
  await until('the failure is known', async () => (await server.owner.query(sql)).rows.length === 1);
  await swift.startAgain();
  await untilExported();
  expect((await exported()).some(({ metadata }) => metadata['tenant_uid'] === org.id)).toBe(true);
});

test('a repeated batch overwrites its object', async () => {
  const own = new ObjectStorage({ ...swift.config, prefix: 'repeats/' });
  const sink = new ObjectSink('s3://repeats', own);
  const [event] = await exported();
  const lines = [{ event: event as never, json: JSON.stringify(event) }];
  const batch = { number: 7, plannedAt: new Date('2026-11-29T20:33:12.123Z'), lines };
  for (let sent = 0; sent < 2; sent++) await sink.send(batch, AbortSignal.timeout(STEP_HANG_MS));
  const found: string[] = [];
  for await (const page of own.list()) found.push(...page.map(({ key }) => key));
  expect(found).toEqual(['2026/11/29/20261129T203312123Z-0000000007.jsonl']);
  await own.close();
});
