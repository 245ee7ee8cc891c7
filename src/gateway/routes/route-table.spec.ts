import { describe, expect, it } from 'vitest';
import type { ServiceRoute } from './service-route.js';
import { RouteTable, routeConflicts } from './route-table.js';

/** `GET,POST /a/{id} a:read`, as declarations have it. */
function routesOf(...lines: string[]): ServiceRoute[] {
  return lines.map((line) => {
    const [methods, path, needs = 'any-key'] = line.split(' ');
    return { methods: methods!.split(','), path: path!, needs };
  });
}

function pathIn(routes: readonly ServiceRoute[], method: string, path: string, target?: string): string | undefined {
  const found = new RouteTable(routes).match(method, path, target);
  return found === undefined || found === 'ambiguous' ? found : found.path;
}

describe('the most specific route wins', () => {
  const routes = routesOf('GET /a/b', 'GET /a/{id}', 'GET /a/**', 'GET /a/{id}/c', 'GET /a/*/d', 'GET /*/b', 'GET /**');

  it.each([
    ['/a/b', '/a/b'],
    ['/a/x', '/a/{id}'],
    ['/a/bc', '/a/{id}'],
    ['/a', '/a/**'],
    ['/a/', '/a/**'],
    ['/a/x/c', '/a/{id}/c'],
    ['/a/x/d', '/a/*/d'],
    ['/a/x/e', '/a/**'],
    ['/a/b/c/d', '/a/**'],
    ['/x/b', '/*/b'],
    ['/x/b/', '/*/b'],
    ['/x/c', '/**'],
    ['/', '/**'],
  ])('%s takes %s', (path, template) => {
    expect(pathIn(routes, 'GET', path)).toBe(template);
  });

  it('decided at the leftmost segment that differs', () => {
    expect(pathIn(routesOf('GET /{a}/**', 'GET /*/b/c'), 'GET', '/x/b/c')).toBe('/{a}/**');
    expect(pathIn(routesOf('GET /a/**', 'GET /{x}/b'), 'GET', '/a/b')).toBe('/a/**');
    expect(pathIn(routesOf('GET /a/{x}/c', 'GET /{y}/b/d'), 'GET', '/a/b/d')).toBe('/{y}/b/d');
  });

  it('with {param} before * of the same shape', () => {
    expect(pathIn(routesOf('GET /a/*', 'GET /a/{id}'), 'GET', '/a/x')).toBe('/a/{id}');
  });

  it('with the end of a route before **', () => {
    expect(pathIn(routesOf('GET /a/**', 'GET /a'), 'GET', '/a')).toBe('/a');
    expect(pathIn(routesOf('GET /{x}/**', 'GET /*'), 'GET', '/a')).toBe('/{x}/**');
  });
});

describe('a route', () => {
  it('matches no other path', () => {
    const routes = routesOf('GET /a/{id}', 'GET /b', 'POST /c/**');
    for (const path of ['/', '/a', '/a/', '/a/x/y', '/ab', '/b/x', '/bb', '/c', '/A/x']) {
      expect(pathIn(routes, 'GET', path)).toBeUndefined();
    }
  });

  it('of the root has no parameter', () => {
    expect(pathIn(routesOf('GET /{id}', 'GET /*'), 'GET', '/')).toBeUndefined();
    expect(pathIn(routesOf('GET /{id}', 'GET /'), 'GET', '/')).toBe('/');
  });

  it('can have any literal', () => {
    for (const path of [
      '/a:b',
      '/:a',
      '/::',
      '/a(b)',
      '/a-b.c',
      '/a+b',
      '/café',
      '/two words',
      '/a,b;c',
      '/$a',
      '/a:b:',
    ]) {
      expect(pathIn(routesOf(`GET ${path.replace(' ', '\u2003')}`), 'GET', path.replace(' ', '\u2003'))).toBe(
        path.replace(' ', '\u2003'),
      );
      expect(pathIn(routesOf('GET /a/:b', 'GET /{x}/c(d)-e'), 'GET', '/x/c(d)-e')).toBe('/{x}/c(d)-e');
      expect(pathIn(routesOf(`GET ${path}x`), 'GET', `${path}y`)).toBeUndefined();
    }
  });

  it('may have a parameter of thousands of characters', () => {
    expect(pathIn(routesOf('GET /a/{id}', 'GET /b/*'), 'GET', `/a/${'x'.repeat(8_000)}`)).toBe('/a/{id}');
  });
});

describe('a decoded path is not decoded again', () => {
  it.each(['/100%', '/%41', '/%2F', '/a?b', '/a#b', '/%C3%A9', '/%'])('%s is one segment', (path) => {
    const routes = routesOf('GET /A', 'GET /a', 'GET /é', 'GET /{x}', 'GET /**');
    expect(pathIn(routes, 'GET', path)).toBe('/{x}');
  });
});

describe('methods', () => {
  const routes = routesOf(
    'GET /a/{id} a:read',
    'POST,PATCH /a/{id} a:write',
    'HEAD /a/new a:head',
    'QUERY /a/{id} a:query',
  );

  it('have routes of their own', () => {
    const table = new RouteTable(routes);
    const needs = (method: string) => (table.match(method, '/a/1') as ServiceRoute | undefined)?.needs;
    expect(['GET', 'POST', 'PATCH', 'QUERY', 'PUT', 'get', 'constructor'].map(needs)).toEqual([
      'a:read',
      'a:write',
      'a:write',
      'a:query',
      undefined,
      undefined,
      undefined,
    ]);
  });

  it('HEAD follows GET', () => {
    expect(pathIn(routes, 'HEAD', '/a/1')).toBe('/a/{id}');
    expect(pathIn(routesOf('GET /b'), 'HEAD', '/b')).toBe('/b');
    expect(pathIn(routesOf('POST /b'), 'HEAD', '/b')).toBeUndefined();
  });

  it('HEAD does not follow GET where a route of the same shape names HEAD', () => {
    const table = new RouteTable(routesOf('GET /a/{id} a:read', 'HEAD /a/{key} a:head'));
    expect(table.match('HEAD', '/a/1')).toMatchObject({ needs: 'a:head' });
    expect(table.match('GET', '/a/1')).toMatchObject({ needs: 'a:read' });
  });
});

describe('a path is ambiguous', () => {
  const routes = routesOf(
    'GET /users/me profile:read',
    'GET /users/@me profile:read',
    'GET /users/café menu:read',
    'GET /users/{id} users:read',
    'GET /users/{id}/Export users:export',
    'GET /users/{id}/{part} users:read',
  );

  it.each([
    ['another case', '/users/ME'],
    ['another case of a parent', '/USERS/me'],
    ['a lower case than declared', '/users/1/export'],
    ['a Unicode compatibility form', '/users/\uFF4De'],
    ['a capital letter in a compatibility form', '/users/\u2133e'],
    ['a decomposed form', '/users/cafe\u0301'],
    ['an invisible character', '/users/m\u200Be'],
    ['a format suffix', '/users/me.json'],
    ['two format suffixes', '/users/me.tar.gz'],
    ['a format suffix and a trailing slash', '/users/me.json/'],
    ['a format suffix in another case', '/users/ME.json'],
    ['the script that serves all paths', '/index.php/users/me'],
    ['a script in a folder', '/cgi/app.fcgi/users/me'],
    ['a dot at the end', '/users/me.'],
    ['a dot at the end of a parent', '/users./me'],
  ])('if %s is another route with another need', (_, path) => {
    const all = [...routes, ...routesOf('GET /** any-key')];
    expect(pathIn(all, 'GET', path)).toBe('ambiguous');
  });

  it('if a server that matches before it decodes takes another route', () => {
    expect(pathIn(routes, 'GET', '/users/@me', '/users/@me?x=%40')).toBe('/users/@me');
    expect(pathIn(routes, 'GET', '/users/@me', '/users/%40me')).toBe('ambiguous');
    expect(pathIn(routes, 'GET', '/users/a@b', '/users/a%40b')).toBe('/users/{id}');
    expect(pathIn(routes, 'GET', '/users/café', '/users/caf%C3%A9/?x')).toBe('ambiguous');
    expect(pathIn(routesOf('GET /café'), 'GET', '/café', '/caf%C3%A9')).toBe('/café');
  });

  it.each([
    ['the same need', routesOf('GET /a/me a:read', 'GET /a/{id} a:read'), '/a/ME', '/a/{id}'],
    ['no other route', routesOf('GET /a/{id} a:read'), '/a/ME.json', '/a/{id}'],
    ['no route as it stands', routesOf('GET /a a:read'), '/A', undefined],
    ['a suffix that is declared', routesOf('GET /a.json public', 'GET /a a:read'), '/a.json', '/a.json'],
    ['a script without another route', routesOf('GET /** a:read', 'GET /b a:write'), '/index.php/c', '/**'],
    ['a hidden file', routesOf('GET /a/.env a:read', 'GET /a a:write'), '/a/.env', '/a/.env'],
  ])('but not with %s', (_, some, path, template) => {
    expect(pathIn(some, 'GET', path)).toBe(template);
  });
});

describe('conflicts', () => {
  it.each([
    [
      routesOf('GET /a/{x}', 'GET /a/{y}'),
      [{ index: 1, earlier: 0, message: 'GET /a/{y} matches the same paths as GET /a/{x}. Remove one of them.' }],
    ],
    [
      routesOf('GET,PUT /a', 'POST,PUT /a/'),
      [{ index: 1, earlier: 0, message: expect.stringContaining('PUT /a/ matches the same') }],
    ],
    [
      routesOf('GET /a', 'GET /a', 'GET /a'),
      [1, 2].map((index) => ({ index, earlier: 0, message: expect.stringContaining('twice') })),
    ],
    [
      routesOf('GET /a/B x:read', 'GET /a/b x:write'),
      [
        {
          index: 1,
          earlier: 0,
          message: expect.stringContaining(
            'differ only in case or Unicode form, so both must need x:read or both x:write',
          ),
        },
      ],
    ],
    [routesOf('GET /a/B x:read', 'GET /a/b x:read'), []],
    [routesOf('GET /a/*', 'GET /a/{x}', 'GET /a/**', 'POST /a/*', 'GET /a', 'HEAD /a'), []],
  ])('of %j', (routes, conflicts) => {
    expect(routeConflicts(routes)).toEqual(conflicts);
  });
});
