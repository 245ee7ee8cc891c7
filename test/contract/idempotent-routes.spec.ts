import { expect, it } from 'vitest';
import { declaredRoutes } from '../../src/access/routes/declared-routes.js';
import { isIdempotent } from '../../src/core/wire/idempotent-routes.js';
import { serverControllers } from '../../src/programs/generate-docs/api-document.js';

const QUESTION = 'it answers a question, and changes nothing';
const REPEATABLE = 'a repeat changes nothing more, and one transaction is too small for all keys';
/** The POSTs of these APIs that take no Idempotency-Key, and why. */
const EXCEPTIONS: Readonly<Record<string, string>> = {
  'manage/v1/api-keys/:id/check': QUESTION,
  'manage/v1/key-policy/preview': QUESTION,
  'operator/v1/key-policy/preview': QUESTION,
  'partner/v1/key-policy/preview': QUESTION,
  'manage/v1/api-keys/bulk': REPEATABLE,
  'manage/v1/api-keys/revoke-all': REPEATABLE,
  'operator/v1/api-keys/revoke-all': REPEATABLE,
  'partner/v1/api-keys/revoke-all': REPEATABLE,
  'partner/v1/orgs/:orgId/api-keys/bulk': REPEATABLE,
  'partner/v1/orgs/:orgId/api-keys/revoke-all': REPEATABLE,
  'partner/v1/orgs/:orgId/api-keys/:keyId/check': QUESTION,
  'partner/v1/orgs/:orgId/key-policy/preview': QUESTION,
};

it('every POST of the management, partner and operator APIs that changes something takes an Idempotency-Key', () => {
  const without = declaredRoutes(serverControllers())
    .filter(({ method, handler }) => method === 'POST' && !isIdempotent(handler))
    .map(({ path }) => path.replace(/^\//, ''))
    .filter((path) => /^(manage|partner|operator)\/v1\//.test(path));
  expect(without.toSorted()).toEqual(Object.keys(EXCEPTIONS).toSorted());
});
