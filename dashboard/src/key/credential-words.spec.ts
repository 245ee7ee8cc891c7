import { expect, it } from 'vitest';
import type { KeyCredential } from '../api/wire';
import { clientName, overlapEndOf } from './credential-words';

it.each([
  ['curl/8.7.1', 'curl 8.7'],
  ['python-requests/2.32.3', 'python-requests 2.32'],
  ['node', 'node'],
  [
    'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0 Safari/537.36',
    'Chrome 131',
  ],
  ['Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 (KHTML) Chrome/131.0.0.0 Safari/537.36 Edg/131.0.0.0', 'Edge 131'],
  ['Mozilla/5.0 (Macintosh) AppleWebKit/605.1.15 (KHTML) Version/18.1 Safari/605.1.15', 'Safari 18'],
])('the client %s is named %s', (userAgent, name) => {
  expect(clientName(userAgent)).toBe(name);
});

const NOW = Date.parse('2026-03-02T00:00:00.000Z');
const credential = (is_current: boolean, retires_at: string | null): KeyCredential => ({
  id: 'c',
  created_at: '2026-01-01T00:00:00.000Z',
  rotated_at: null,
  retires_at,
  is_current,
  last_used: null,
});

it('the overlap ends when the last replaced credential stops working', () => {
  const current = credential(true, null);
  expect(overlapEndOf([current, credential(false, '2026-03-02T00:00:00.001Z')], NOW)).toBe('2026-03-02T00:00:00.001Z');
  expect(overlapEndOf([current, credential(false, '2026-03-02T00:00:00.000Z')], NOW)).toBeUndefined();
  expect(overlapEndOf([current], NOW)).toBeUndefined();
  expect(overlapEndOf(undefined, NOW)).toBeUndefined();
});
