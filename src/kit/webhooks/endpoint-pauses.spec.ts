import { expect, it } from 'vitest';
import { EndpointPauses } from './endpoint-pauses.js';

const seconds = (pauses: EndpointPauses, nowMs: number) => {
  const until = pauses.until('dead', nowMs);
  return until && (until.getTime() - nowMs) / 1_000;
};

it('each unanswered attempt doubles the pause, up to ten minutes', () => {
  const pauses = new EndpointPauses();
  const lengths: (number | undefined)[] = [];
  let nowMs = 0;
  for (let attempt = 0; attempt < 8; attempt++) {
    pauses.unanswered('dead', nowMs);
    lengths.push(seconds(pauses, nowMs));
    nowMs = pauses.until('dead', nowMs)!.getTime();
    expect(pauses.until('dead', nowMs)).toBe(undefined);
  }
  expect(lengths).toEqual([15, 30, 60, 120, 240, 480, 600, 600]);
});

it('attempts that fail together count once, and an answer ends the pause of that endpoint alone', () => {
  const pauses = new EndpointPauses();
  pauses.unanswered('dead', 0);
  pauses.unanswered('dead', 1_000);
  pauses.unanswered('other', 0);
  expect(seconds(pauses, 1_000)).toBe(14);
  pauses.answered('dead');
  expect(pauses.until('dead', 1_000)).toBe(undefined);
  expect(pauses.until('other', 1_000)).toEqual(new Date(15_000));
  pauses.unanswered('dead', 2_000);
  expect(seconds(pauses, 2_000)).toBe(15);
});
