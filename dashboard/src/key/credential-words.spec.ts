import { expect, it } from 'vitest';
import type { KeyCredential } from '../api/wire';
import { clientName, isStillUsed, works } from './credential-words';

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
  awaits_first_use: false,
  last_used: null,
});

it('a replaced credential works until its end, or until the new one is used', () => {
  expect(works(credential(true, null), NOW)).toBe(true);
  expect(works(credential(false, '2026-03-02T00:00:00.001Z'), NOW)).toBe(true);
  expect(works(credential(false, '2026-03-02T00:00:00.000Z'), NOW)).toBe(false);
  expect(works(credential(false, null), NOW)).toBe(true);
});

it('an old key is still used if its last request came after the rotation', () => {
  const use = { client_address: null, country: null, user_agent: null, route: null, service: null };
  const usedAt = (at: string | null) =>
    isStillUsed({
      id: 'c',
      rotated_at: '2026-03-01T00:00:00.000Z',
      retires_at: null,
      last_used: at === null ? null : { at, ...use },
    });
  expect([usedAt(null), usedAt('2026-02-28T00:00:00.000Z'), usedAt('2026-03-01T00:00:01.000Z')]).toEqual([
    false,
    false,
    true,
  ]);
});
