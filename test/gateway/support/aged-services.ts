import { newService, type TestService } from '../../support/services.js';
import type { TestServer } from '../../support/start-app.js';
import type { ServiceAge } from './twin-keys.js';

/** The resource of each service. */
export const AGED_RESOURCES: Readonly<Record<ServiceAge, string>> = {
  earlier: 'orders',
  later: 'parcels',
  'later-for-all': 'rooms',
};

type Routes = Parameters<typeof newService>[1]['routes'];

const ROUTES: Routes = [
  { methods: ['GET'], path: '/items/{id}', needs: '{resource}:read' },
  { methods: ['POST'], path: '/items', needs: '{resource}:write' },
  { methods: ['GET'], path: '/me', needs: 'any-key' },
];

/** Declares a service that is older or newer than the keys of a test. @param more routes besides the usual ones */
export function declareAged(server: TestServer, age: ServiceAge, more: Routes = []): Promise<TestService> {
  return newService(server, {
    resource: AGED_RESOURCES[age],
    fullAccess: age === 'later-for-all' ? 'all' : 'existing',
    routes: [...ROUTES, ...more],
  });
}
