import { describe, expect, it } from 'vitest';
import { faultsOf } from '../../../test/support/declaration-faults.js';
import { readDeclaration } from './read-declaration.js';

const BILLING = `
service: billing
label: Billing
description: Invoices and payments.
full_access: all
resources:
  invoices: { label: Invoices, description: Invoices and their lines., actions: [read, write] }
  credit_notes:
    label: "Credit notes"
    actions: [read]
routes:
  - GET  /invoices            invoices:read
  - GET\t/invoices/{id}       invoices:read
  - POST, PATCH /invoices/**  invoices:write
  - GET  /status              public (health page)
  - { methods: [GET, QUERY], path: /credit-notes, needs: credit_notes:read }
  - { methods: GET, path: "/two words", needs: public, reason: "Why: \\"#1\\"" }
  - ANY  /me/                 any-key
`;

const DECLARATION = {
  service: 'billing',
  label: 'Billing',
  description: 'Invoices and payments.',
  full_access: 'all',
  resources: [
    { name: 'invoices', label: 'Invoices', description: 'Invoices and their lines.', actions: ['read', 'write'] },
    { name: 'credit_notes', label: 'Credit notes', description: '', actions: ['read'] },
  ],
  routes: [
    { methods: ['GET'], path: '/invoices', needs: 'invoices:read' },
    { methods: ['GET'], path: '/invoices/{id}', needs: 'invoices:read' },
    { methods: ['POST', 'PATCH'], path: '/invoices/**', needs: 'invoices:write' },
    { methods: ['GET'], path: '/status', needs: 'public', reason: 'health page' },
    { methods: ['GET', 'QUERY'], path: '/credit-notes', needs: 'credit_notes:read' },
    { methods: ['GET'], path: '/two words', needs: 'public', reason: 'Why: "#1"' },
    { methods: ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'], path: '/me/', needs: 'any-key' },
  ],
};

describe('a declaration', () => {
  it('is read from YAML', () => {
    expect(readDeclaration(BILLING)).toEqual(DECLARATION);
  });

  it('is read from JSON, with any line breaks, indentation and byte order mark', () => {
    const { resources, ...rest } = DECLARATION;
    const named = Object.fromEntries(
      resources.map(({ name, ...resource }) => [name, { ...resource, description: resource.description || undefined }]),
    );
    for (const space of [undefined, 2, '\t']) {
      const json = JSON.stringify({ ...rest, resources: named }, null, space);
      expect(readDeclaration(json)).toEqual(DECLARATION);
      expect(readDeclaration(`\uFEFF${json.replaceAll('\n', '\r\n')}`)).toEqual(DECLARATION);
    }
  });

  it('needs only a service and a label', () => {
    expect(readDeclaration('{service: a, label: A}')).toEqual({
      service: 'a',
      label: 'A',
      description: '',
      full_access: 'existing',
      resources: [],
      routes: [],
    });
  });

  it('has canonical names', () => {
    const { label, description } = readDeclaration(
      'service: a\nlabel: "  Cafe\u0301 "\ndescription: >\n  Two\n  lines.\n',
    );
    expect({ label, description }).toEqual({ label: 'Café', description: 'Two lines.' });
  });
});

describe('limits', () => {
  const head = 'service: a\nlabel: A\n';
  const resources = (count: number) =>
    `resources:\n${Array.from({ length: count }, (_, index) => `  r${index}: { label: R, actions: [read] }\n`).join('')}`;
  const routes = (count: number) =>
    `routes:\n${Array.from({ length: count }, (_, index) => `  - GET /a/${index}/{id} r${index % 10}:read\n`).join('')}`;

  it('1,000 resources and 10,000 routes are accepted', () => {
    const declaration = readDeclaration(head + resources(1_000) + routes(10_000));
    expect([declaration.resources.length, declaration.routes.length]).toEqual([1_000, 10_000]);
  });

  it('more are refused', () => {
    expect(faultsOf(head + resources(1_001))).toEqual([
      'resources: Line 1004: A service has at most 1000 resources; 1001 are declared.',
    ]);
    expect(faultsOf(head + resources(10) + routes(10_001))).toEqual([
      'routes: Line 10015: A service has at most 10000 routes; 10001 are declared.',
    ]);
  });

  it('1,000 faults are listed, and the others counted', () => {
    const text = head + routes(1_200);
    const faults = faultsOf(text);
    expect(faults).toHaveLength(1_000);
    expect(faults.at(-1)).toContain('routes[999]: Line 1003: ');
    expect(() => readDeclaration(text)).toThrow(/; and 200 more$/);
  });

  it.each([
    [
      'fields',
      'a: 1\n'.repeat(800_000),
      'document: Line 1: document has 800002 fields, and 10000 are the most to be read.',
    ],
    [
      'methods',
      `routes:\n- ${Array.from({ length: 400_000 }, (_, index) => `X${index}`).join(',')} /a any-key`,
      'routes[0]: Line 4: A route has at most 50 methods; 400000 are listed.',
    ],
  ])('hundreds of thousands of %s are one fault', (_, text, fault) => {
    expect(faultsOf(head + text)).toEqual([fault]);
  });

  it('a document may have 4 MiB', () => {
    const text = `${head}# ${'x'.repeat(4 * 1024 * 1024 - head.length - 2)}`;
    expect(faultsOf(text)).toEqual([]);
    expect(faultsOf(`${text}x`)).toEqual(['document: Line 1: The document must have at most 4 MiB.']);
  });
});
