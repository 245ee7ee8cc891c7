import type pg from 'pg';
import { uuidV7 } from '../../../src/core/database/uuid-v7.js';
import { waitUntilInForce } from '../../../src/access/freshness/in-force.js';
import type { ServiceRoute } from '../../../src/gateway/declaration/service-declaration.js';

/** The service that every file of docs/proxies names. */
export const BILLING = 'billing';

const ROUTES: readonly ServiceRoute[] = [
  { methods: ['GET', 'PUT'], path: '/invoices/**', needs: 'invoices:read' },
  { methods: ['POST'], path: '/invoices', needs: 'invoices:write' },
  { methods: ['GET'], path: '/me', needs: 'any-key' },
  { methods: ['GET'], path: '/status', needs: 'public', reason: 'health page' },
];

/** Their scopes make headers of 12 KB, of which the assertion has most: more than the buffers of nginx, less than the limit of Node. */
export const MANY_ACTIONS = Array.from({ length: 200 }, (_, index) => `do-${String(index).padStart(12, '0')}`);

/** Declares the service, in force on every process. @param database of the owner of the tables */
export async function declareBilling(database: pg.Pool): Promise<void> {
  const id = uuidV7();
  await database.query(
    `insert into services (id, slug, label, description, full_access, routes) values ($1, $2, 'Billing', '', 'all', $3)`,
    [id, BILLING, JSON.stringify(ROUTES)],
  );
  await database.query(
    `insert into service_resources (name, service_id, position, label, description, actions)
     values ('invoices', $1, 0, 'Invoices', '', $2)`,
    [id, ['read', 'write', ...MANY_ACTIONS]],
  );
  await waitUntilInForce((text, values) => database.query(text, values as unknown[]));
}
