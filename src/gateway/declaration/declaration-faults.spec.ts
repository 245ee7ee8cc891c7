import { describe, expect, it } from 'vitest';
import { faultsOf } from '../../../test/support/declaration-faults.js';

/** The faults of a document whose routes are the given lines; the first is in line 5. */
function faultsOfRoutes(...routes: string[]): string[] {
  const head = 'service: a\nlabel: A\nresources: { a: { label: A, actions: [read, write] } }\nroutes:\n';
  return faultsOf(head + routes.map((route) => `- ${route}\n`).join(''));
}
describe('a fault has its line and says what would be right', () => {
  it.each([
    ['', 'document: Line 1: The document is empty. It must have service and label.'],
    ['# nothing', 'document: Line 1: The document is empty. It must have service and label.'],
    [
      'a: [1',
      'document: Line 1: This is not valid YAML or JSON: unexpected end of the stream within a flow collection.',
    ],
    [
      'service: a\nlabel: b: c',
      'document: Line 2: This is not valid YAML or JSON: bad indentation of a mapping entry.',
    ],
    ['"\u0000"', 'document: Line 1: This is not valid YAML or JSON: null byte is not allowed in input.'],
    [`a: ${'['.repeat(100)}`, 'document: Line 1: Values are nested more than 10 deep.'],
    [
      '- a',
      'document: Line 1: document must be an object with service, label, description, url, full_access, resources, and routes.',
    ],
    ['service: a\n---\nservice: b', 'document: Line 3: A second document begins here. Send one document per service.'],
  ])('%j', (text, fault) => {
    expect(faultsOf(text)).toContain(fault);
  });

  it.each([
    ['label: A', 'service: Line 1: service is missing.'],
    [
      'service: A\nlabel: A',
      'service: Line 1: service must have 1 to 31 of a-z, 0-9 and "-", beginning with a letter, for example billing.',
    ],
    [
      'service: true\nlabel: A',
      'service: Line 1: service must have 1 to 31 of a-z, 0-9 and "-", beginning with a letter, for example billing.',
    ],
    [
      `service: ${'a'.repeat(32)}\nlabel: A`,
      'service: Line 1: service must have 1 to 31 of a-z, 0-9 and "-", beginning with a letter, for example billing.',
    ],
    [
      'service: a\nlabel: 5',
      'label: Line 2: label must be text. Put quotes around it if it is a number, true, false or null.',
    ],
    [
      'service: a\nlabel: [A]',
      'label: Line 2: label must be text. Put quotes around it if it is a number, true, false or null.',
    ],
    [
      'service: a\nlabel: "\\u200b"',
      'label: Line 2: label must be one line of text with at least one visible character.',
    ],
    [
      'service: a\nlabel: "a\\u0000b"',
      'label: Line 2: label must be one line of text with at least one visible character.',
    ],
    [
      'service: a\nlabel: "a\\ud800b"',
      'label: Line 2: label must be one line of text with at least one visible character.',
    ],
    [`service: a\nlabel: ${'😀'.repeat(101)}`, 'label: Line 2: label must have at most 100 characters.'],
    [
      'service: a\nlabel: A\nscopes: []',
      'scopes: Line 3: "scopes" is not a field of document. The fields are service, label, description, url, full_access, resources, and routes.',
    ],
    ['service: a\nlabel: A\n\nlabel: B', 'label: Line 4: "label" occurs twice. Remove one of them.'],
    [
      'service: a\nlabel: A\nfull_access: yes',
      'full_access: Line 3: full_access must be existing (older keys with full access do not reach the service) or all.',
    ],
    [
      'service: a\nlabel: &l A\ndescription: *l',
      'document: Line 3: An alias (*name) is not supported here. Write the value out.',
    ],
    ['service: a\nlabel: !!str A', 'document: Line 2: A tag (!name) is not supported here. Remove it.'],
    ['service: a\nlabel: A\n? [x]\n: 1', 'document: Line 3: The name of a field of document must be text.'],
    ['service: a\nlabel: A\nresources: [a]', 'resources: Line 3: resources must be an object.'],
    [
      'service: a\nlabel: A\nroutes: x',
      'routes: Line 3: routes must be a list of routes such as "GET /invoices invoices:read".',
    ],
  ])('%j', (text, fault) => {
    expect(faultsOf(text)).toEqual([fault]);
  });

  it.each([
    [
      'A: { label: A, actions: [read] }',
      [
        'resources.A: Line 4: "A" can\'t be the name of a resource: it must have 1 to 31 of a-z, 0-9, "_" and "-", beginning with a letter.',
      ],
    ],
    ['a: read', ['resources.a: Line 4: resources.a must be an object with label, description, and actions.']],
    [
      'a: {}',
      [
        'resources.a.label: Line 4: resources.a.label is missing.',
        'resources.a.actions: Line 4: resources.a.actions is missing.',
      ],
    ],
    [
      'a: { label: A, actions: read }',
      ['resources.a.actions: Line 4: resources.a.actions must be a list of actions such as [read, write].'],
    ],
    [
      'a: { label: A, actions: [] }',
      ['resources.a.actions: Line 4: resources.a.actions must name at least one action, for example [read, write].'],
    ],
    [
      'a: { label: A, actions: [Read] }',
      [
        'resources.a.actions: Line 4: "Read" can\'t be an action: it must have 1 to 31 of a-z, 0-9, "_" and "-", beginning with a letter.',
      ],
    ],
    [
      'a: { label: A, actions: [{}] }',
      [
        'resources.a.actions: Line 4: An item of resources.a.actions can\'t be an action: it must have 1 to 31 of a-z, 0-9, "_" and "-", beginning with a letter.',
      ],
    ],
    [
      'a: { label: A, actions: [read, read] }',
      ['resources.a.actions: Line 4: The action read occurs twice. Remove one of them.'],
    ],
    [
      `a: { label: A, actions: [${Array.from({ length: 51 }, (_, index) => `a${index}`).join(', ')}] }`,
      ['resources.a.actions: Line 4: resources.a.actions must name at most 50 actions.'],
    ],
    [
      'a: { label: A, actions: [read], scope: x }',
      [
        'resources.a.scope: Line 4: "scope" is not a field of resources.a. The fields are label, description, and actions.',
      ],
    ],
  ])('a resource %j', (resource, faults) => {
    expect(faultsOf(`service: a\nlabel: A\nresources:\n  ${resource}\n`)).toEqual(faults);
  });

  const example = 'Write METHODS PATH NEED, for example "GET /invoices invoices:read".';
  it.each([
    ['GET /a', `"GET /a" has no need. ${example}`],
    ['/a a:read', `"/a a:read" has no method. ${example}`],
    ['GET a a:read', `"GET a a:read" has no path. ${example}`],
    ['5', `A route is one line of text, or an object with methods, path, needs, and reason. ${example}`],
    [
      '[GET, /a, a:read]',
      `A route is one line of text, or an object with methods, path, needs, and reason. ${example}`,
    ],
    ['get /a a:read', 'Write the method "get" in upper case: GET.'],
    ['any /a a:read', 'Write the method "any" in upper case: ANY.'],
    ['FETCH /a a:read', '"FETCH" is not a method. Write one such as GET or POST, several with commas, or ANY.'],
    ['"* /a a:read"', '"*" is not a method. Write ANY for GET, POST, PUT, PATCH, DELETE, and OPTIONS.'],
    ['TRACE /a a:read', 'TRACE requests have no routes. Remove the method.'],
    ['GET POST /a a:read', 'Separate methods by commas: "GET,POST".'],
    ['GET,GET /a a:read', 'The method "GET" occurs twice. Remove one of them.'],
    ['GET, /a a:read', '"" is not a method. Write one such as GET or POST, several with commas, or ANY.'],
    ['GET /a b:read', 'Unknown scope "b:read": no resource "b" is declared under resources.'],
    ['GET /a a:red', 'Unknown scope "a:red": a has read and write only. Add the action, or use one of them.'],
    [
      'GET /a read',
      'A route needs a scope such as invoices:read, any-key, or public (reason); "read" is none of them.',
    ],
    [
      'GET /a a:read:x',
      'A route needs a scope such as invoices:read, any-key, or public (reason); "a:read:x" is none of them.',
    ],
    ['GET /a public', 'A public route says why: public (health page).'],
    [
      'GET /a public (see #1)',
      'The reason after "public" ends with ")". If it has " #" or ": ", put quotes around the whole route.',
    ],
    [
      'GET /a public (why: x)',
      'YAML reads this line as an object because of ": " in it. Put quotes around the whole route.',
    ],
    ['GET /a a:read (why)', 'Only a public route has a reason. Remove it, or write public.'],
    [
      '{ methods: [GET], path: /a, needs: a:read, reason: x }',
      'Only a public route has a reason. Remove it, or write public.',
    ],
    ['{ methods: [GET], path: /a, needs: public }', 'A public route says why: public (health page).'],
    ['{ methods: [], path: /a, needs: a:read }', 'methods of a route must be a list such as [GET, POST].'],
    ['{ methods: [GET], needs: a:read }', 'routes[0] lacks path.'],
    ['{ methods: [GET], path: 5, needs: a:read }', 'path of a route must be text.'],
    ['{ methods: [GET], path: a, needs: a:read }', 'A path begins with a slash; "a" does not.'],
    [`GET /${'a'.repeat(500)} a:read`, 'A path has at most 500 characters.'],
    ['GET /a//b a:read', 'A path has no empty segments. Remove the second slash.'],
    ['GET /{id}.json a:read', '"{id}.json": a parameter is a whole segment. Use {name} alone.'],
    ['GET /{a}-{b} a:read', '"{a}-{b}": a parameter is a whole segment. Use {name} alone.'],
    ['GET /{a b} a:read', '"{a": a parameter is a whole segment. Use {name} alone.'],
    ['GET /{} a:read', '"{}" is not a parameter: {name} has 1 to 64 letters, digits, "_", "-" and ".".'],
    ['GET /{a}/{a} a:read', 'The parameter {a} occurs twice. Give each its own name.'],
    ['GET /*.json a:read', '"*.json": * is a whole segment. Use * or {name} alone.'],
    ['GET /**/a a:read', '** must be the last segment. Use * for one segment.'],
    ['GET /:id a:read', '":id": write a parameter as {id}.'],
    ['GET /a?b=c a:read', '"a?b=c": a route has no query and no fragment. Remove "?" or "#" and what follows.'],
    ['GET /a%20b a:read', '"a%20b": write the character itself in place of its percent-encoding.'],
    ['GET /a/../b a:read', '"..": no request can have this segment, because servers read it in different ways.'],
    ['GET /a;v=1 a:read', '"a;v=1": no request can have this segment, because servers read it in different ways.'],
  ])('a route %j', (route, fault) => {
    expect(faultsOfRoutes(route)).toContain(`routes[0]: Line 5: ${fault}`);
  });

  it.each([
    ['GET /a public ()', 'must be one line of text with at least one visible character.'],
    [
      '{ methods: [GET], path: /a, needs: public, reason: 5 }',
      'must be text. Put quotes around it if it is a number, true, false or null.',
    ],
  ])('the reason of %j', (route, fault) => {
    expect(faultsOfRoutes(route)).toEqual([`routes[0].reason: Line 5: routes[0].reason ${fault}`]);
  });

  it('two routes that match the same paths', () => {
    expect(faultsOfRoutes('GET /a/{x} a:read', 'GET /b FOO', 'GET /a/{y} a:read')).toEqual([
      expect.stringContaining('routes[1]: Line 6: '),
      'routes[2]: Line 7: GET /a/{y} matches the same paths as GET /a/{x}. Remove one of them. The other is in line 5.',
    ]);
  });

  it('all faults at once, by line', () => {
    const faults = faultsOf('routes: [GET /a b:read]\nresources:\n  x: {}\nlabel: 5\nservice: 9\nother: 1\n');
    expect(faults.map((fault) => /Line \d+/.exec(fault)![0])).toEqual([
      'Line 1',
      'Line 3',
      'Line 3',
      'Line 4',
      'Line 5',
      'Line 6',
    ]);
  });
});
