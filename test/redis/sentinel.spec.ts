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
async function passedAround(what: string, lose: () => Promise<void>): Promise<[number, number]> {
  const windows = windowsOfKey({ key: 500 });
  const before = await limits.passed(repeated(300, () => windows));
  await until('the replica has the counts', () => own.isInSync());
  const outages = limits.logged.filter((line) => line !== 'shared').length;
  const startedAt = performance.now();
  await lose();
  await until(
    'the processes have noticed',
    () => limits.logged.filter((line) => line !== 'shared').length >= outages + 3,
  );
  await limits.are('shared');
  report(`Sentinel, ${what}`, { 'shared again after ms': performance.now() - startedAt });
  return [before, await limits.passed(repeated(1_200, () => windows))];
}

test.each(repeated(scaled(1), (round) => round + 1))(
  'limits are exact through the death of the master, round %d',
  async () => {
    const old = await own.master();
    expect(await passedAround('master killed', () => old.kill())).toEqual([300, 200]);
    await old.startAgain();
    await own.makeReplica(old);
  },
);

test('limits are exact through a switch of the master', async () => {
  expect(await passedAround('switch', () => own.switchOver())).toEqual([300, 200]);
});

test('a frozen master is replaced, and counts nothing when it thaws', async () => {
  const old = await own.master();
  const steady = windowsOfKey({});
  expect(
    await passedAround('master frozen', async () => {
      old.pause();
      await limits.passed(repeated(30, () => steady));
    }),
  ).toEqual([300, 200]);
  old.resume();
  await own.makeReplica(old);
  const windows = windowsOfKey({ key: 200 });
  expect(await limits.passed(repeated(1_200, () => windows))).toBe(200);
});
