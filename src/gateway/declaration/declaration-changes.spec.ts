import { describe, expect, it } from 'vitest';
import { changesBetween, isUnchanged } from './declaration-changes.js';
import { describeChanges } from './describe-changes.js';
import { readDeclaration } from './read-declaration.js';

const BEFORE = readDeclaration(`
service: billing
label: Billing
resources:
  invoices: { label: Invoices, actions: [read, write] }
  drafts: { label: Drafts, actions: [read] }
  payments: { label: Payments, description: All of them., actions: [read] }
routes:
  - GET,POST /invoices invoices:write
  - GET /invoices/{id} invoices:read
  - DELETE,PATCH /invoices/{id} invoices:write
  - GET /drafts drafts:read
  - GET /status public (health page)
`);

const AFTER = readDeclaration(`
service: billing
label: Invoicing
full_access: all
resources:
  payments: { label: Payments, actions: [read] }
  invoices: { label: Invoices, actions: [read, create] }
  refunds: { label: Refunds, actions: [read] }
routes:
  - GET /status public (for the load balancer)
  - GET /invoices invoices:read
  - POST /invoices invoices:create
  - GET /invoices/{number} invoices:read
  - DELETE /invoices/{id} invoices:create
  - GET /refunds/** any-key
`);

describe('the changes of a declaration', () => {
  it('are described as lines', () => {
    expect(describeChanges(changesBetween(BEFORE, AFTER))).toEqual([
      '~ label: "Billing" → "Invoicing"',
      '~ full_access: "existing" → "all"',
      '+ resource refunds: "Refunds"',
      '~ resource payments, description: "All of them." → ""',
      '- resource drafts: "Drafts"',
      '+ scope invoices:create',
      '+ scope refunds:read',
      '- scope invoices:write',
      '- scope drafts:read',
      '+ route GET /refunds/**: any-key',
      '~ route GET /status: public (health page) → public (for the load balancer)',
      '~ route GET /invoices: invoices:write → invoices:read',
      '~ route POST /invoices: invoices:write → invoices:create',
      '~ route GET /invoices/{number}, before /invoices/{id}: invoices:read',
      '~ route DELETE /invoices/{id}: invoices:write → invoices:create',
      '- route PATCH /invoices/{id}: invoices:write',
      '- route GET /drafts: drafts:read',
    ]);
  });

  it('of a new service are all that it declares', () => {
    const changes = changesBetween(undefined, BEFORE);
    expect(changes).toMatchObject({
      isNew: true,
      fields: [],
      scopes: { removed: [] },
      routes: { changed: [], removed: [] },
    });
    expect(changes.routes.added).toEqual(BEFORE.routes);
    expect(describeChanges(changes).slice(0, 2)).toEqual(['+ service billing', '+ resource invoices: "Invoices"']);
    expect(isUnchanged(changesBetween(undefined, readDeclaration('{service: a, label: A}')))).toBe(false);
  });

  it('are none if only the order is another', () => {
    const reversed = { ...BEFORE, resources: BEFORE.resources.toReversed(), routes: BEFORE.routes.toReversed() };
    expect(isUnchanged(changesBetween(BEFORE, reversed))).toBe(true);
    expect(isUnchanged(changesBetween(BEFORE, AFTER))).toBe(false);
  });

  it('have no removed route if its methods are declared apart', () => {
    const routes = BEFORE.routes.flatMap((route) => route.methods.map((method) => ({ ...route, methods: [method] })));
    expect(isUnchanged(changesBetween(BEFORE, { ...BEFORE, routes }))).toBe(true);
  });

  it('can be annotated by scope and by the needs of a route', () => {
    const lines = describeChanges(changesBetween(BEFORE, AFTER), ({ sign, scope, needs }) =>
      sign === '-' && scope ? '2 keys' : needs && `3 keys lose ${needs.before}`,
    );
    expect(lines).toContain('- scope invoices:write (2 keys)');
    expect(lines).toContain('~ route GET /invoices: invoices:write → invoices:read (3 keys lose invoices:write)');
    expect(lines).toContain('~ route GET /invoices/{number}, before /invoices/{id}: invoices:read');
  });
});
