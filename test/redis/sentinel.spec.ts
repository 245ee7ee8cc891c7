import { afterAll, beforeAll, expect, test } from 'vitest';
import { scaled } from '../support/load.js';
import { OwnSentinels } from '../support/own-sentinels.js';
import { report } from '../support/report.js';
import { repeated, ThreeLimits, windowsOfKey } from '../support/shared-limits.js';
import { until } from '../support/until.js';

const PASSWORDS = { servers: 'counts', sentinels: 'watch' };

let own: OwnSentinels;
let limits: ThreeLimits;
beforeAll(async () => {
  own = await OwnSentinels.start(PASSWORDS);
  limits = await ThreeLimits.open(own.url, { REDIS_SENTINEL_PASSWORD: PASSWORDS.sentinels });
  await limits.are('shared');
});
afterAll(async () => {
  limits.close();
  await own.close();
});

/** Charges a window, loses the master, and charges it again. Returns what passed before and afterwards. */
async function passedAround(lose: () => Promise<void>): Promise<[number, number]> {
  const windows = windowsOfKey({ key: 500 });
  const before = await limits.passed(repeated(300, () => windows));
  await until('the replica has the counts', () => own.isInSync());
  const startedAt = performance.now();
  await lose();
  await until('a process has noticed', () => limits.each.some(({ mode }) => mode === 'alone'), { everyMs: 1 });
  await limits.are('shared');
  report('Sentinel', { 'shared again after ms': performance.now() - startedAt });
  return [before, await limits.passed(repeated(1_200, () => windows))];
}

test.each(repeated(scaled(1), (round) => round + 1))(
  'limits are exact through the death of the master, round %d',
  async () => {
    const old = await own.master();
    expect(await passedAround(() => old.kill())).toEqual([300, 200]);
    await old.startAgain();
    await own.makeReplica(old);
  },
);

test('limits are exact through a switch of the master', async () => {
  expect(await passedAround(() => own.switchOver())).toEqual([300, 200]);
});

test('a frozen master is replaced, and counts nothing when it thaws', async () => {
  const old = await own.master();
  const steady = windowsOfKey({});
  expect(
    await passedAround(async () => {
      old.pause();
      await limits.passed(repeated(30, () => steady));
    }),
  ).toEqual([300, 200]);
  old.resume();
  await own.makeReplica(old);
  const windows = windowsOfKey({ key: 200 });
  expect(await limits.passed(repeated(1_200, () => windows))).toBe(200);
});
