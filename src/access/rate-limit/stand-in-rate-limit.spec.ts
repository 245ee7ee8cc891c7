import { expect, it } from 'vitest';
import type { RateWindow } from './rate-window.js';
import { StandInRateLimit } from './stand-in-rate-limit.js';

const minute: RateWindow = { name: 'key-min', key: 'key-min:one', tag: 'one', limit: 10, windowSeconds: 60 };
const hour: RateWindow = { name: 'key-hour', key: 'key-hour:one', tag: 'one', limit: 100, windowSeconds: 3600 };
const windows = [minute, hour];

function standIn(): { limits: StandInRateLimit; pass: (ms: number) => void } {
  let now = 0;
  return { limits: new StandInRateLimit(() => now), pass: (ms) => (now += ms) };
}
const remaining = (limits: StandInRateLimit) => limits.look(windows).standings.map((standing) => standing.remaining);

it('continues from the counts and the ends that Redis answered', () => {
  const { limits, pass } = standIn();
  limits.follow(windows, [0, 8, 30, 20_000, 3_000_000]);
  limits.doubt();
  expect(
    [limits.charge(windows), limits.charge(windows), limits.charge(windows)].map((each) => each.refusedBy),
  ).toEqual([undefined, undefined, minute]);
  expect(limits.look(windows).standings.map(({ resetSeconds }) => resetSeconds)).toEqual([20, 3_000]);
  pass(20_000);
  expect(remaining(limits)).toEqual([10, 68]);
});

it('delivers each count once: what it saw, what it counted since, and the ms left', () => {
  const { limits, pass } = standIn();
  limits.follow(windows, [0, 8, 30, 20_000, 3_000_000]);
  expect(limits.takeCounts(windows)).toEqual([]);
  limits.doubt();
  limits.charge(windows);
  pass(5_000);
  expect(limits.takeCounts(windows)).toEqual([8, 1, 15_000, 30, 1, 2_995_000]);
  expect(limits.takeCounts(windows)).toEqual([]);
  limits.follow(windows, [0, 12, 34, 15_000, 2_995_000]);
  expect(limits.takeCounts(windows)).toEqual([]);
  expect(remaining(limits)).toEqual([-2, 66]);
});

it('keeps the counts that could not be delivered', () => {
  const { limits } = standIn();
  limits.charge(windows);
  const counts = limits.takeCounts(windows);
  expect(counts).toEqual([0, 1, 60_000, 0, 1, 3_600_000]);
  // An earlier answer arrives meanwhile.
  limits.follow([minute], [0, 3, 50_000]);
  limits.returnCounts(windows, counts);
  expect(limits.takeCounts(windows)).toEqual([2, 1, 50_000, 0, 1, 3_600_000]);
});

it('delivers nothing of windows that have ended, and needs no look once all have', () => {
  const { limits, pass } = standIn();
  limits.charge(windows);
  pass(60_000);
  expect(limits.takeCounts(windows)).toEqual([0, 0, 0, 0, 1, 3_540_000]);
  limits.charge([hour]);
  pass(3_600_000);
  expect(limits.takeCounts(windows)).toEqual([]);
});
