import { randomUUID } from 'node:crypto';
import { Services } from '../../src/gateway/services/services.service.js';
import type { ServiceDeclaration } from '../../src/gateway/declaration/service-declaration.js';
import { OPERATOR } from '../../src/kit/audit/actor.js';
import type { TestServer } from './start-app.js';

/** A word that no other test uses as the name of a service or a resource. */
export function uniqueWord(beginning: string): string {
  return `${beginning}-${randomUUID().slice(0, 8)}`;
}

/** A declaration with one resource, whose name is unique too. */
export function declared(settings: Partial<ServiceDeclaration> = {}): ServiceDeclaration {
  const name = uniqueWord('invoices');
  return {
    service: uniqueWord('billing'),
    label: 'Billing',
    description: '',
    full_access: 'existing',
    resources: [{ name, label: 'Invoices', description: 'Invoices and their lines.', actions: ['read', 'write'] }],
    routes: [
      { methods: ['GET'], path: '/invoices', needs: `${name}:read` },
      { methods: ['POST', 'PATCH'], path: '/invoices/**', needs: `${name}:write` },
      { methods: ['GET'], path: '/status', needs: 'public', reason: 'health page' },
    ],
    ...settings,
  };
}

export function apply(server: TestServer, declaration: ServiceDeclaration) {
  return server.app.get(Services).apply(OPERATOR, declaration);
}
