import type { ServiceDeclaration } from '../../src/gateway/declaration/service-declaration.js';
import { uuidV7 } from '../../src/core/database/uuid-v7.js';

interface Connection {
  query(text: string, values: unknown[]): Promise<unknown>;
}

/** Stores a service as a declaration of it would, for tests of what reads services. */
export async function storeService(
  connection: Connection,
  { service, ...declared }: Partial<ServiceDeclaration> & { readonly service: string; readonly url?: string },
): Promise<void> {
  const id = uuidV7();
  const {
    label = service,
    description = '',
    url = null,
    full_access = 'existing',
    resources = [],
    routes = [],
  } = declared;
  await connection.query(
    `INSERT INTO services (id, slug, label, description, url, full_access, routes) VALUES ($1, $2, $3, $4, $5, $6, $7)`,
    [id, service, label, description, url, full_access, JSON.stringify(routes)],
  );
  for (const [position, resource] of resources.entries()) {
    await connection.query(
      `INSERT INTO service_resources (name, service_id, position, label, description, actions)
       VALUES ($1, $2, $3, $4, $5, $6)`,
      [resource.name, id, position, resource.label, resource.description, resource.actions],
    );
  }
}
