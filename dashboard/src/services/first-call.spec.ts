import { expect, it } from 'vitest';
import type { ServiceRoute } from '../api/wire';
import { EXAMPLE_SERVICE } from './example-service';
import { firstCallOf } from './first-call';

const callOf = (scopes: string[], routes: readonly ServiceRoute[] = EXAMPLE_SERVICE.routes) => {
  const call = firstCallOf({ scopes }, [{ ...EXAMPLE_SERVICE, routes: [...routes] }]);
  return call && `${call.method} ${call.path}`;
};

it('a GET without parameters is preferred', () => {
  expect(callOf(['invoices:read', 'invoices:write'])).toBe('GET /invoices');
});

it('another method is called if no GET takes the scope', () => {
  expect(callOf(['invoices:write'])).toBe('POST /invoices');
});

it.each([
  ['/invoices/{invoice_id}/lines', 'GET /invoices/INVOICE_ID/lines'],
  ['/files/*', 'GET /files/NAME'],
  ['/files/**', 'GET /files'],
  ['/**', 'GET /'],
  ['/', 'GET /'],
])('the template %s is called as %s', (path, expected) => {
  expect(callOf(['files:read'], [{ methods: ['GET'], path, needs: 'files:read' }])).toBe(expected);
});

it('a key without scopes of a service has no first call to it', () => {
  expect(callOf(['contacts:read'])).toBeUndefined();
  expect(callOf([])).toBeUndefined();
});

it('the first service with a route for the key is called', () => {
  const other = { ...EXAMPLE_SERVICE, service: 'shipping', resources: [], routes: [] };
  expect(firstCallOf({ scopes: ['invoices:read'] }, [other, EXAMPLE_SERVICE])?.service.service).toBe('billing');
});
