import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { scaled } from '../support/load.js';
import { ALL_FAULTS, FAULTS_IN_CI, UNFENCED_FAULTS } from './support/faults.js';
import { during } from './support/traffic.js';
import { World } from './support/world.js';

const IS_WHOLE_RUN = process.env['HA_FAULTS'] === 'all';

/** Bounds a hang: on a busy machine a failover takes minutes. */
vi.setConfig({ testTimeout: 900_000, hookTimeout: 900_000 });

let world: World | undefined;
beforeAll(async () => {
  world = await World.start();
});
// Not if the start failed, which has cleaned up.
afterAll(() => world?.stop());

const FAULTS = Array.from({ length: scaled(1) }, () => (IS_WHOLE_RUN ? ALL_FAULTS : FAULTS_IN_CI)).flat();

test.for(FAULTS)('$name: no revoked key is let in, and no answered write is lost', async (fault) => {
  expect(await during(world!, fault)).toEqual({ letIn: [], lost: [], unexpected: [] });
});

test.for(IS_WHOLE_RUN ? UNFENCED_FAULTS : [])('$name: no answered write is lost', async (fault) => {
  expect(await during(world!, fault)).toMatchObject({ lost: [], unexpected: [] });
});

test('the audit chains verify', async () => {
  const { broken, entries } = await world!.installation.brokenAuditChains();
  expect(broken).toEqual([]);
  expect(entries).toBeGreaterThan(0);
});
