import { expect, it } from 'vitest';
import { firstCurl } from './curl';

const curlOf = (key: object) =>
  firstCurl('https://api.example.com', {
    key: { kind: 'bearer', type: 'standard', allowed_origins: [], ...key },
    token: 'TOKEN',
  });

it('a key that is bound to origins is called from one of them', () => {
  expect(curlOf({ type: 'client', allowed_origins: ['example.com'] })).toContain(`-H 'Origin: https://example.com'`);
  expect(curlOf({ type: 'client', allowed_origins: ['*.example.com', 'other.example'] })).toContain(
    `-H 'Origin: https://www.example.com'`,
  );
});

it('other keys are called without an origin', () => {
  expect(curlOf({ type: 'client' })).not.toContain('Origin');
  expect(curlOf({})).toBe(`curl https://api.example.com/whoami \\\n  -H 'Authorization: Bearer TOKEN'`);
});
