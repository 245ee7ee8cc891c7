import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { AppError } from '../../core/errors/app-error.js';
import { declarationFromOpenApi } from './declaration-from-openapi.js';
import { readDeclaration } from './read-declaration.js';
import { renderDeclaration } from './render-declaration.js';

const HARBOUR = readFileSync('test/fixtures/harbour-logistics.openapi.yaml', 'utf8');
const DECLARATION = `service: harbour
label: Harbour Logistics API
description: Bookings, containers and vessels of a container terminal.

resources:
  bookings:
    label: Bookings
    description: Space that shippers have reserved on a voyage.
    actions: [read, write, confirm]
  containers:
    label: Containers
    description: Boxes in the yard and on the move.
    actions: [read, write]
  vessel-calls:
    label: Vessel calls
    description: Arrivals and departures of ships.
    actions: [read, write]
  dangerous-goods-and-spec-c4d929:
    label: Dangerous goods & special cargo handling declarations
    description: What needs special care.
    actions: [read, write]
  invoices:
    label: Invoices
    actions: [read, pay]
  reports:
    label: Reports
    actions: [read]
  yard:
    label: Yard
    actions: [read, write, plan]
  webhooks:
    label: Webhooks
    actions: [write]

routes:
  - GET              /terminal/v4/bookings                         bookings:read
  - POST             /terminal/v4/bookings                         bookings:write
  - GET              /terminal/v4/bookings/{bookingId}             bookings:read
  - PUT,PATCH,DELETE /terminal/v4/bookings/{bookingId}             bookings:write
  - GET              /terminal/v4/bookings/{bookingId}/containers  bookings:read
  - POST             /terminal/v4/bookings/{bookingId}/containers  bookings:write
  - POST             /terminal/v4/bookings/{bookingId}/confirm     bookings:confirm
  - GET              /terminal/v4/containers                       containers:read
  - POST             /terminal/v4/containers                       containers:write
  - GET              /terminal/v4/containers/{container_id}        containers:read
  - PUT,PATCH,DELETE /terminal/v4/containers/{container_id}        containers:write
  - GET              /terminal/v4/containers/{container_id}/events containers:read
  - POST             /terminal/v4/containers/search                containers:read
  - GET              /terminal/v4/vessel-calls                     vessel-calls:read
  - POST             /terminal/v4/vessel-calls                     vessel-calls:write
  - GET              /terminal/v4/vessel-calls/{call}              vessel-calls:read
  - PUT,PATCH,DELETE /terminal/v4/vessel-calls/{call}              vessel-calls:write
  - GET              /terminal/v4/dangerous-goods                  dangerous-goods-and-spec-c4d929:read
  - POST             /terminal/v4/dangerous-goods                  dangerous-goods-and-spec-c4d929:write
  - GET              /terminal/v4/billing/invoices                 invoices:read
  - GET              /terminal/v4/billing/invoices/{invoice}       invoices:read
  - POST             /terminal/v4/billing/invoices/{invoice}       invoices:pay
  - GET              /terminal/v4/billing/tariffs                  public (The tariffs are published.)
  - GET              /terminal/v4/reports/daily                    reports:read
  - GET              /terminal/v4/reports/{name}                   reports:read
  - OPTIONS          /terminal/v4/reports/{name}                   any-key
  - DELETE           /terminal/v4/reports/{title}                  bookings:write
  - GET,PUT          /terminal/v4/v1/yard/blocks                   yard:plan
  - GET              /terminal/v4/v1/yard/moves                    yard:read
  - POST             /terminal/v4/v1/yard/moves                    yard:write
  - "GET              /health                                       public (Load balancers ask: \\"alive?\\")"
  - POST             /terminal/v4/webhooks                         webhooks:write
`;
const UNPLACED = [
  '/old/{x}: old.yaml#/paths/x refers to another document, which is not fetched: bundle them into one.',
  '/lost: #/components/pathItems/Lost does not exist.',
  'GET /vessel-calls/{call}/stowage.{format} has no route: "stowage.{format}": a parameter is a whole segment. Use {name} alone.',
  'GET /vessel-calls/{call}/documents/{path+} has no route: "{path+}" is not a parameter: {name} has 1 to 64 letters, digits, "_", "-" and ".".',
  'PUT /billing/tariffs needs several scopes (tariffs:read, tariffs:write), and a route needs one. Give it x-scope.',
  'GET /billing/ledger needs the OAuth2 scope "https://harbour.example/auth/ledger", which is not of the form resource:action. Give it x-scope.',
  'GET /{tenant} has no tag and no segment that names a resource. Give it x-scope.',
  'TRACE /health has no route, because TRACE is never let through.',
  'POST /login is public. Say why with x-public-reason, or give it x-scope.',
  'GET /webhooks has x-scope "[\\"webhooks\\"]", which is not a scope such as invoices:read, any-key or public.',
];

describe('the declaration from a large document', () => {
  const { document, unplaced } = declarationFromOpenApi(HARBOUR, 'harbour');

  it('is written for people, with what has no route above it', () => {
    const comments = [
      'Made from the OpenAPI document Harbour Logistics API 4.2.0.',
      'Paths begin with /terminal/v4, the path of its server.',
      'These operations have no route, so their requests are refused:',
      ...UNPLACED.map((each) => `  ${each}`),
    ];
    expect(document).toBe(comments.map((comment) => `# ${comment}\n`).join('') + DECLARATION);
    expect(unplaced).toEqual(UNPLACED);
  });

  it('is read back as it was written', () => {
    expect(renderDeclaration(readDeclaration(document))).toBe(DECLARATION);
  });
});

it.each([
  ['Netlify, OpenAPI 2.0 in JSON', '@netlify/open-api/dist/swagger.json', 180, 1, '/api/v1/sites'],
  ['Figma, OpenAPI 3.1 in YAML', '@figma/rest-api-spec/openapi/openapi.yaml', 31, 23, '/v1/files/{file_key}/comments'],
])('%s gives routes that are read back', (_, file, operations, without, path) => {
  const { document, unplaced } = declarationFromOpenApi(readFileSync(`node_modules/${file}`, 'utf8'), 'a');
  const { routes } = readDeclaration(document);
  expect(routes.flatMap(({ methods }) => methods)).toHaveLength(operations);
  expect(unplaced).toHaveLength(without);
  expect(routes.map((route) => route.path)).toContain(path);
});

/** The routes and unplaced operations of a document with the given parts, as lines. */
function linesFrom(parts: object): string[] {
  const info = { title: 'A', version: '1' };
  const { document, unplaced } = declarationFromOpenApi(JSON.stringify({ openapi: '3.1.0', info, ...parts }), 'a');
  const { routes } = readDeclaration(document);
  const placed = routes.map(({ methods, path, needs, reason }) =>
    [methods.join(), path, needs, reason ?? []].flat().join(' '),
  );
  return [...placed, ...unplaced];
}

const SCHEMES = {
  components: {
    securitySchemes: { oauth: { type: 'oauth2' }, id: { type: 'openIdConnect' }, key: { type: 'apiKey' } },
  },
};

describe('the need of an operation', () => {
  it.each<[string, object, object, string]>([
    ['x-scope', { 'x-scope': 'b:read', tags: ['c'], security: [] }, {}, 'b:read'],
    ['x-scope any-key', { 'x-scope': 'any-key' }, {}, 'any-key'],
    ['x-scope public', { 'x-scope': 'public', 'x-public-reason': 'Health' }, {}, 'public Health'],
    ['an OAuth2 scope', { security: [{ oauth: ['b:list'] }], tags: ['c'] }, {}, 'b:list'],
    ['an OpenID Connect scope', { security: [{ id: ['openid', 'email', 'b.List'] }] }, {}, 'b:list'],
    ['the OAuth2 scope of the document', { tags: ['c'] }, { security: [{ oauth: ['b/list'] }] }, 'b:list'],
    [
      'the first alternative with one scope',
      { security: [{ oauth: ['a:x', 'b:y'] }, {}, { oauth: ['c:z'] }, { id: ['d:z'] }] },
      {},
      'c:z',
    ],
    [
      'the tag, if the security has no scopes',
      { tags: ['Line Items', 'c'], security: [{ key: [] }] },
      {},
      'line-items:read',
    ],
    ['the tag, if keys name roles', { tags: ['c'], security: [{ key: ['admin'] }] }, {}, 'c:read'],
    ['the segment, if the tag has no letters of ours', { tags: ['日本'] }, {}, 'things:read'],
    ['the segment', {}, {}, 'things:read'],
    ['a tag that begins with a digit', { tags: ['2FA'] }, {}, 'n-2fa:read'],
  ])('comes from %s', (_, operation, rest, needs) => {
    expect(linesFrom({ ...SCHEMES, ...rest, paths: { '/api/v2/{id}/things': { get: operation } } })).toEqual([
      `GET /api/v2/{id}/things ${needs}`,
    ]);
  });

  it.each<[string, object, string]>([
    ['no security', { security: [] }, 'is public. Say why with x-public-reason, or give it x-scope.'],
    ['only empty alternatives', { security: [{}, {}] }, 'is public. Say why with x-public-reason, or give it x-scope.'],
    [
      'x-scope public without a reason',
      { 'x-scope': 'public' },
      'is public. Say why with x-public-reason, or give it x-scope.',
    ],
    [
      'x-scope of another form',
      { 'x-scope': 'B:Read' },
      'has x-scope "B:Read", which is not a scope such as invoices:read, any-key or public.',
    ],
    [
      'several scopes',
      { security: [{ oauth: ['a:x'], id: ['b:y'] }] },
      'needs several scopes (a:x, b:y), and a route needs one. Give it x-scope.',
    ],
    [
      'a scope without an action',
      { security: [{ oauth: ['admin'] }] },
      'needs the OAuth2 scope "admin", which is not of the form resource:action. Give it x-scope.',
    ],
  ])('is not known with %s', (_, operation, problem) => {
    expect(linesFrom({ ...SCHEMES, paths: { '/a': { get: operation } } })).toEqual([`GET /a ${problem}`]);
  });

  it('is read for GET and HEAD, and write for others', () => {
    const operations = Object.fromEntries(
      ['get', 'put', 'post', 'delete', 'options', 'head', 'patch'].map((name) => [name, {}]),
    );
    expect(linesFrom({ paths: { '/a': operations, '/b': { head: {} } } })).toEqual([
      'GET /a a:read',
      'POST,PUT,PATCH,DELETE,OPTIONS /a a:write',
      'HEAD /b b:read',
    ]);
  });
});

describe('the paths of a document', () => {
  it.each<[string, object[], string]>([
    ['none', [], '/a'],
    ['an absolute URL', [{ url: 'https://x.example/v1/' }, { url: 'https://y.example/v2' }], '/v1/a'],
    ['a relative URL', [{ url: '/v1' }], '/v1/a'],
    ['a host only', [{ url: 'https://{tenant}.example' }], '/a'],
    ['a variable', [{ url: 'https://x.example/{base}', variables: { base: { default: 'v2' } } }], '/v2/a'],
  ])('have the base path of the server in front: %s', (_, servers, path) => {
    expect(linesFrom({ servers, paths: { '/a': { get: {} } } })).toEqual([`GET ${path} a:read`]);
  });

  it('have none if a variable of the server has no default', () => {
    expect(linesFrom({ servers: [{ url: '/{base}' }], paths: { '/a': { get: {} } } })).toEqual([
      'GET /a has no route: the server /{base} has a variable without a default.',
    ]);
  });

  it('that match the same requests are one route, if they need the same', () => {
    const paths = { '/a/{x}': { get: {} }, '/a/{y}': { get: {}, put: {} }, '/A/{z}': { get: { tags: ['b'] } } };
    expect(linesFrom({ paths })).toEqual([
      'GET /a/{x} a:read',
      'PUT /a/{y} a:write',
      'GET /A/{z} needs b:read: GET /A/{z} and GET /a/{x} differ only in case or Unicode form, so both must need a:read or both b:read.',
    ]);
  });

  it('come from OpenAPI 2.0 too', () => {
    const document = {
      swagger: '2.0',
      info: { title: 'A', version: '1' },
      basePath: '/v1',
      paths: { '/a': { get: {} } },
    };
    const { routes } = readDeclaration(declarationFromOpenApi(JSON.stringify(document), 'a').document);
    expect(routes).toEqual([{ methods: ['GET'], path: '/v1/a', needs: 'a:read' }]);
  });
});

it('tags whose names are cut stay apart, and tags of one slug share a resource', () => {
  const long = 'A very long name of a tag that goes on and on';
  const tags = [`${long} one`, `${long} two`, '2FA', 'N 2FA', 'Line items', 'line-items', 'Line Items'];
  const paths = Object.fromEntries(tags.map((tag, index) => [`/${index}`, { get: { tags: [tag] } }]));
  const needs = linesFrom({ paths }).map((line) => line.split(' ').at(-1)!);
  expect(new Set(needs).size).toBe(5);
  expect(needs.filter((each) => each === 'line-items:read')).toHaveLength(3);
  expect(Math.max(...needs.map(({ length }) => length))).toBeLessThanOrEqual(31 + ':read'.length);
});

describe('a document is refused', () => {
  const bomb = [
    'a0: &a0 [x, x]',
    ...Array.from({ length: 30 }, (_, index) => `a${index + 1}: &a${index + 1} [*a${index}, *a${index}]`),
  ];
  it.each([
    ['not YAML', '{a', 'The document is neither JSON nor YAML: '],
    ['not OpenAPI', 'a: 1', 'The document must declare swagger: "2.0", openapi: 3.0.x or openapi: 3.1.x.'],
    [
      'with aliases that expand without end',
      `openapi: 3.1.0\n${bomb.join('\n')}`,
      'its aliases expand to too many values.',
    ],
    ['without operations', '{ openapi: 3.1.0, paths: { /a: {} } }', 'The document has no operations.'],
    [
      'of more than 16 MiB',
      `openapi: 3.1.0 # ${'x'.repeat(16 * 1024 * 1024)}`,
      'The document must have at most 16 MiB.',
    ],
  ])('%s', (_, text, message) => {
    const read = () => declarationFromOpenApi(text, 'a');
    expect(read).toThrow(AppError);
    expect(read).toThrow(message);
  });

  it('with more routes than a service has', () => {
    const paths = Object.fromEntries(Array.from({ length: 10_001 }, (_, index) => [`/a/${index}`, { get: {} }]));
    expect(() => linesFrom({ paths })).toThrow('A service has at most 10000 routes; 10001 are declared.');
  });
});
