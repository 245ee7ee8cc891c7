import fc from 'fast-check';
import { expect, it } from 'vitest';
import { canonicalName, isName } from '../../core/validation/name.js';
import { routeConflicts } from '../routes/route-table.js';
import { readDeclaration } from './read-declaration.js';
import { renderDeclaration } from './render-declaration.js';
import type { ServiceDeclaration } from './service-declaration.js';

it('a declaration is written with aligned routes', () => {
  const declaration: ServiceDeclaration = {
    service: 'billing',
    label: 'Billing: all of it',
    description: '',
    full_access: 'all',
    resources: [
      { name: 'invoices', label: 'Invoices', description: 'Invoices, and lines.', actions: ['read', 'null'] },
    ],
    routes: [
      { methods: ['GET'], path: '/invoices', needs: 'invoices:read' },
      { methods: ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'], path: '/invoices/{id}', needs: 'any-key' },
      { methods: ['GET'], path: '/status', needs: 'public', reason: 'see #1' },
      { methods: ['GET'], path: '/two words', needs: 'public', reason: 'health page' },
    ],
  };
  expect(renderDeclaration(declaration, ['Made by hand.'])).toBe(`# Made by hand.
service: billing
label: "Billing: all of it"
full_access: all

resources:
  invoices:
    label: Invoices
    description: Invoices, and lines.
    actions: [read, "null"]

routes:
  - GET /invoices      invoices:read
  - ANY /invoices/{id} any-key
  - "GET /status        public (see #1)"
  - { methods: [GET], path: "/two words", needs: "public", reason: "health page" }
`);
});

const WORD = fc.constantFrom('a', 'null', 'true', 'y', 'no', 'read', 'e1', 'x_y-z');
const NAME = fc
  .oneof(
    fc.string({ unit: 'binary', maxLength: 20 }),
    fc.string({ unit: fc.constantFrom(...'a :#-\'"{}[],&*!|>%@`()\\é\u3000\ufeff1~'), maxLength: 12 }),
  )
  .map((text) => canonicalName(text, 100))
  .filter((text) => isName(text) && text.isWellFormed());
const RESOURCE = fc.record({
  name: WORD,
  label: NAME,
  description: fc.oneof(fc.constant(''), NAME),
  actions: fc.uniqueArray(WORD, { minLength: 1, maxLength: 4 }),
});
const SEGMENT = fc.constantFrom(
  'a',
  '{id}',
  '*',
  'a:b',
  ':',
  'é',
  'two words',
  "it's",
  '[x]',
  'a,b',
  '-',
  'a:',
  '&x',
  '!',
  '@me',
);
const ROUTE = fc.record({
  methods: fc.uniqueArray(fc.constantFrom('GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'M-SEARCH'), {
    minLength: 1,
  }),
  path: fc
    .tuple(fc.uniqueArray(SEGMENT, { maxLength: 4 }), fc.constantFrom('', '/', '/**'))
    .map(([segments, end]) =>
      `/${segments.filter((each) => each !== ':').join('/')}${segments.length > 0 ? end : ''}`.replace('//', '/'),
    ),
  reason: NAME,
  need: fc.nat(),
});
const DECLARATION = fc
  .record({
    service: fc.constantFrom('a', 'null', 'b-1'),
    label: NAME,
    description: fc.oneof(fc.constant(''), NAME),
    full_access: fc.constantFrom('existing' as const, 'all' as const),
    resources: fc.uniqueArray(RESOURCE, { maxLength: 4, selector: ({ name }) => name }),
    routes: fc.array(ROUTE, { maxLength: 8 }),
  })
  .map(({ routes: some, ...rest }): ServiceDeclaration => {
    const scopes = rest.resources.flatMap(({ name, actions }) => actions.map((action) => `${name}:${action}`));
    const routes = some.map(({ methods, path, reason, need }) => {
      const needs = ['public', 'any-key', ...scopes][need % (scopes.length + 2)]!;
      return { methods, path, needs, ...(needs === 'public' && { reason }) };
    });
    const conflicting = new Set(routeConflicts(routes).map(({ index }) => index));
    return { ...rest, routes: routes.filter((_, index) => !conflicting.has(index)) };
  });

it('every declaration is read back as it was written', () => {
  fc.assert(
    fc.property(DECLARATION, (declaration) => {
      expect(readDeclaration(renderDeclaration(declaration, ['A comment.']))).toEqual(declaration);
    }),
    { seed: 19, numRuns: 2_000 },
  );
});
