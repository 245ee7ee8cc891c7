import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { scaled } from '../support/load.js';
import { ALL_FAULTS, CUT_OFF_WITHOUT_PATRONI, FAULTS_IN_CI, UNFENCED_FAULTS } from './support/faults.js';
import { during } from './support/traffic.js';
import { World } from './support/world.js';

const IS_WHOLE_RUN = process.env['HA_FAULTS'] === 'all';

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

if (IS_WHOLE_RUN) {
  test.for(UNFENCED_FAULTS)('$name: no answered write is lost', async (fault) => {
    const { letIn, lost, unexpected } = await during(world!, fault);
    expect([lost, unexpected]).toEqual([[], []]);
    // Otherwise the same fault with FRESHNESS=strict would show nothing.
    if (fault === CUT_OFF_WITHOUT_PATRONI) expect(letIn).not.toEqual([]);
  });

  describe('with FRESHNESS=strict', () => {
    beforeAll(() => world!.useStrictFreshness());

    test.for(UNFENCED_FAULTS)('$name: no revoked key is let in, and no answered write is lost', async (fault) => {
      expect(await during(world!, fault)).toEqual({ letIn: [], lost: [], unexpected: [] });
    });
  });
}

test('the audit chains verify', async () => {
  const { broken, entries } = await world!.installation.brokenAuditChains();
  expect(broken).toEqual([]);
  expect(entries).toBeGreaterThan(0);
});
