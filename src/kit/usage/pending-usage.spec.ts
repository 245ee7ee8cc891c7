import { expect, it } from 'vitest';
import { PendingUsage } from './pending-usage.js';

const HOUR_MS = 3_600_000;
const TEN = Date.parse('2026-11-22T10:00:00Z');
const REQUEST = { method: 'GET', headers: {}, client: { address: '192.0.2.1', network: '192.0.2.1' } };
const KEY = { credentialId: 'credential', profile: { id: 'key', org_id: 'org' } };

function counts(pending: PendingUsage) {
  return pending.take().usage.map(({ hour, requests, refused, lastUsedAt }) => ({
    hour: hour.toISOString().slice(11, 16),
    requests,
    refused,
    lastUsedAt: lastUsedAt.getTime(),
  }));
}

it('counts each request in the hour of its arrival', () => {
  const pending = new PendingUsage(TEN);
  const counter = pending.counterOf(KEY);
  counter.countRequest(TEN, REQUEST);
  counter.countRequest(TEN + HOUR_MS - 1, REQUEST);
  counter.countRequest(TEN + HOUR_MS, REQUEST);
  expect(counts(pending)).toEqual([
    { hour: '10:00', requests: 2, refused: 0, lastUsedAt: TEN + HOUR_MS - 1 },
    { hour: '11:00', requests: 1, refused: 0, lastUsedAt: TEN + HOUR_MS },
  ]);
  expect(counts(pending)).toEqual([]);
});

it('counts in the earlier hour after the clock is set back', () => {
  const pending = new PendingUsage(TEN);
  const counter = pending.counterOf(KEY);
  counter.countRequest(TEN, REQUEST);
  counter.countRequest(TEN - 1, REQUEST);
  counter.countRequest(TEN, REQUEST);
  expect(counts(pending).map(({ hour, requests }) => `${hour} ${requests}`)).toEqual(['10:00 1', '09:00 1', '10:00 1']);
});

it('counts a refused request as a request too, and reports the last use of the key', () => {
  const pending = new PendingUsage(TEN);
  const counter = pending.counterOf(KEY);
  counter.countRequest(TEN + 5, REQUEST);
  pending.take();
  counter.countRefusal('rate_limited');
  expect(counts(pending)).toEqual([{ hour: '10:00', requests: 0, refused: 1, lastUsedAt: TEN + 5 }]);
});

it('resets every counter of a key on flush', () => {
  const pending = new PendingUsage(TEN);
  const [one, other] = [pending.counterOf(KEY), pending.counterOf(KEY)];
  one.countRequest(TEN, REQUEST);
  other.countRequest(TEN, REQUEST);
  expect(counts(pending).map(({ requests }) => requests)).toEqual([1, 1]);
  one.countRequest(TEN + 1, REQUEST);
  expect(counts(pending).map(({ requests }) => requests)).toEqual([1]);
});
