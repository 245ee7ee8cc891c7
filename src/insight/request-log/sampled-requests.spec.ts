import { describe, expect, test } from 'vitest';
import type { LogEntry } from './log-entry.js';
import type { Outcome } from './request-log-entry.entity.js';
import { SampledRequests } from './sampled-requests.js';

/** A generator with a fixed seed (Mulberry32), so that expectations of chance don't depend on luck. */
function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

interface Asked {
  readonly kind: string;
  readonly outcome?: Outcome;
  readonly address?: string;
}

function sample(entriesMax: number, asked: readonly Asked[], random = seeded(1)) {
  const sampled = new SampledRequests(entriesMax, random);
  asked.forEach(({ kind, outcome = 'allowed', address = '' }, index) => {
    const entry = () => ({ atMs: index, route: kind, outcome, client_address: address, weight: 1 }) as LogEntry;
    sampled.add({ kind, outcome, entry });
  });
  return { entries: sampled.entries(), merged: sampled.merged };
}

function weightBy(entries: readonly LogEntry[], field: 'route' | 'outcome' | 'client_address'): Record<string, number> {
  const weights: Record<string, number> = {};
  for (const entry of entries) weights[entry[field]!] = (weights[entry[field]!] ?? 0) + entry.weight;
  return weights;
}

const times = (count: number, asked: Asked) => Array.from({ length: count }, () => asked);

describe('sampled requests', () => {
  test('each have an entry while there is room', () => {
    const { entries, merged } = sample(10, times(10, { kind: '/tags' }));
    expect(entries.map(({ atMs, weight }) => [atMs, weight])).toEqual(Array.from({ length: 10 }, (_, at) => [at, 1]));
    expect(merged).toBe(0);
  });

  test('of each kind are counted exactly, beyond the room too', () => {
    const { entries, merged } = sample(10, [
      ...times(1_000, { kind: '/tags' }),
      ...times(7, { kind: '/contacts' }),
      ...times(400, { kind: '/media', outcome: 'denied' }),
      ...times(1, { kind: '/crawl' }),
    ]);
    expect(entries).toHaveLength(10);
    expect(merged).toBe(1_398);
    expect(weightBy(entries, 'route')).toEqual({ '/tags': 1_000, '/contacts': 7, '/media': 400, '/crawl': 1 });
  });

  test('of more kinds than entries are counted exactly in total and for each outcome', () => {
    const asked = Array.from({ length: 5_000 }, (_, index): Asked => {
      const outcome = index % 3 === 0 ? 'denied' : 'allowed';
      return { kind: `key ${index % 700} ${outcome}`, outcome };
    });
    const { entries } = sample(50, asked);
    expect(entries.length).toBeLessThanOrEqual(52);
    expect(weightBy(entries, 'outcome')).toEqual({ denied: 1_667, allowed: 3_333 });
  });

  test('of one address have a weight that is right on average', () => {
    const asked = Array.from({ length: 900 }, (_, index): Asked => {
      return { kind: '/tags', address: index < 800 ? '192.0.2.1' : '192.0.2.2' };
    });
    const random = seeded(1);
    const rounds = Array.from({ length: 2_000 }, () => weightBy(sample(3, asked, random).entries, 'client_address'));
    const mean = rounds.reduce((sum, weights) => sum + (weights['192.0.2.2'] ?? 0), 0) / rounds.length;
    expect(mean).toBeGreaterThan(80);
    expect(mean).toBeLessThan(120);
  });
});
