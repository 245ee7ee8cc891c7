import type { Service } from '../api/wire';

/** A service with a route of each need. For specs. */
export const EXAMPLE_SERVICE: Service = {
  service: 'billing',
  label: 'Billing',
  description: 'Invoices and payments.',
  url: 'https://api.example.com',
  full_access: 'existing',
  suspended_at: null,
  resources: [
    { name: 'invoices', label: 'Invoices', description: 'Invoices and their lines.', actions: ['read', 'write'] },
  ],
  routes: [
    { methods: ['POST', 'PATCH'], path: '/invoices/**', needs: 'invoices:write' },
    { methods: ['GET'], path: '/invoices/{id}', needs: 'invoices:read' },
    { methods: ['GET'], path: '/invoices', needs: 'invoices:read' },
    { methods: ['GET'], path: '/me', needs: 'any-key' },
    { methods: ['GET'], path: '/status', needs: 'public', reason: 'Health page' },
  ],
  keys: [],
  key_count: 0,
};
