import { mintOpaqueKey } from '../../src/access/credentials/credential-format.js';
import { uuidV7 } from '../../src/core/database/uuid-v7.js';
import type { ServiceRoute } from '../../src/gateway/declaration/service-declaration.js';
import { changeBySql } from './sql-change.js';
import type { TestServer } from './start-app.js';
import { storeKey } from './stored-keys.js';

let count = 0;

export interface TestService {
  readonly id: string;
  readonly slug: string;
  /** A service key. */
  readonly key: string;
  /** `invoices-1:read` */
  scope(action: string): string;
}

interface Settings {
  /** Default: a name of its own. */
  readonly resource?: string;
  readonly actions?: readonly string[];
  readonly fullAccess?: 'existing' | 'all';
  /** `{resource}` stands for the name of the resource. */
  readonly routes: readonly ServiceRoute[];
}

/** Declares a service with one resource, and makes a key for it. */
export async function newService(
  server: TestServer,
  { resource = `invoices-${count + 1}`, actions = ['read', 'write'], fullAccess = 'existing', routes }: Settings,
): Promise<TestService> {
  count += 1;
  const id = uuidV7();
  const slug = `service-${count}`;
  const declared = JSON.stringify(routes).replaceAll('{resource}', resource);
  const sql =
    'insert into services (id, slug, label, description, full_access, routes) values ($1, $2, $2, $3, $4, $5)';
  await changeBySql(server, sql, [id, slug, 'A service of a test.', fullAccess, declared]);
  await changeBySql(
    server,
    `insert into service_resources (name, service_id, position, label, description, actions)
     values ($1, $2, 0, 'Invoices', 'Invoices and their lines.', $3)`,
    [resource, id, actions],
  );
  const key = mintOpaqueKey('ocx', 'live');
  await storeKey(server, { org_id: null, service_id: id }, { token: key });
  return { id, slug, key, scope: (action) => `${resource}:${action}` };
}
