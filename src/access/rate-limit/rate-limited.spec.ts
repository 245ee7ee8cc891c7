import { expect, it } from 'vitest';
import { rateLimited } from './rate-limited.js';

it.each([
  [100, 60, 'Rate limit exceeded: 100 requests per minute.'],
  [1_000, 3_600, 'Rate limit exceeded: 1000 requests per hour.'],
  [1, 60, 'Rate limit exceeded: 1 request per minute.'],
] as const)('names the window that was hit: %d in %d s', (limit, windowSeconds, message) => {
  expect(rateLimited({ limit, windowSeconds }, 7)).toMatchObject({
    message,
    details: { headers: { 'Retry-After': '7' } },
  });
});
