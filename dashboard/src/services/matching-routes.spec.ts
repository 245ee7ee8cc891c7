import { expect, it } from 'vitest';
import type { ServiceRoute } from '../api/wire';
import { matchingRoutes } from './matching-routes';

const ROUTES: readonly ServiceRoute[] = [
  { methods: ['GET'], path: '/invoices/{id}', needs: 'invoices:read' },
  { methods: ['POST', 'PATCH'], path: '/invoices/**', needs: 'invoices:write' },
  { methods: ['GET'], path: '/status', needs: 'public', reason: 'Health page' },
  { methods: ['GET'], path: '/me', needs: 'any-key' },
];
const found = (search: string) => matchingRoutes(ROUTES, search).map(({ path }) => path);

it.each([
  ['', ['/invoices/{id}', '/invoices/**', '/status', '/me']],
  ['INVOICES', ['/invoices/{id}', '/invoices/**']],
  ['post', ['/invoices/**']],
  ['invoices:read', ['/invoices/{id}']],
  ['any key', ['/me']],
  ['health', ['/status']],
  ['get  invoices', ['/invoices/{id}']],
  ['delete', []],
])('the search "%s" finds %j', (search, paths) => {
  expect(found(search)).toEqual(paths);
});
