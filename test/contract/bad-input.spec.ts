import { afterAll, beforeAll, expect, it } from 'vitest';
import { admits } from '../../src/access/scopes/audience.js';
import { bodyDtoOf, queryDtoOf, queryNamesOf } from '../../src/core/wire/request-parts.js';
import { textOf } from '../../src/core/wire/text-body.js';
import { formOf } from '../../src/core/wire/form.js';
import type { TestServer } from '../support/start-app.js';
import { ALWAYS_BAD, BAD_BODIES, badBodiesOf, FULL_BODIES, UNREADABLE_BODIES } from './support/bad-bodies.js';
import { BAD_FORMS } from './support/bad-forms.js';
import { badHeadersFor } from './support/bad-headers.js';
import { type BadInput, wrongAnswers } from './support/bad-input.js';
import { BAD_QUERIES, badPathsOf, type Segment, segmentsOf } from './support/bad-targets.js';
import { fieldsOf } from './support/body-fields.js';
import { CredentialMaker, type Headers, type Kind, KINDS } from './support/credentials.js';
import { privateWebhook } from '../support/workflows.js';
import { expectNoWrites } from './support/expect-no-writes.js';
import { inParallel } from './support/in-parallel.js';
import { distribute, inTurn } from './support/in-turn.js';
import { type RawRequest, sendRaw } from './support/raw-http.js';
import { concretePath, type ServedRoute, startServer } from './support/served-routes.js';

const JSON_TYPE = ['Content-Type', 'application/json'] as const;

let server: TestServer;
let routes: ServedRoute[];
let places: Record<string, string>;
let credentials: Map<Kind, Headers>;
/**
 * The webhook route accepts any JSON, so only its query and headers can be invalid. Other tests use an unknown token.
 */
let webhook_token: string;

beforeAll(async () => {
  ({ server, routes } = await startServer());
  const maker = await CredentialMaker.prepare(server);
  places = await maker.placesOf();
  webhook_token = await privateWebhook(server, maker.org);
  const made = await inParallel(Object.keys(KINDS) as Kind[], async (kind): Promise<[Kind, Headers]> => [
    kind,
    await maker.good(kind),
  ]);
  credentials = new Map(made);
});
afterAll(() => server.close());

expectNoWrites(() => server);

/** The page itself shows whether its path exists: the server returns the same document for all of them. */
const DASHBOARD_PAGE = /^\/dashboard(\/[\w-]+)*\/?$/;

const isUnsafe = ({ method }: ServedRoute) => method !== 'GET';
const hasQuery = (route: ServedRoute) => queryDtoOf(route) !== undefined || queryNamesOf(route).length > 0;
/** The rules of the pagination parameters. */
const pagingRulesOf = (route: ServedRoute) =>
  fieldsOf(queryDtoOf(route) ?? Object)
    .filter(({ name }) => ['limit', 'cursor', 'offset'].includes(name))
    .map(({ rules }) => rules)
    .join();
const hasParameters = ({ path }: ServedRoute) => path.includes(':');

/** Header lines of a credential that the route accepts. */
function credentialFor(route: ServedRoute): (readonly [string, string])[] {
  // A route without any input would succeed, so it is called without a credential.
  if (isUnsafe(route) && !hasParameters(route) && bodyDtoOf(route) === undefined) return [];
  const kind = [...credentials.keys()].find((each) => admits(route.policy.audience, KINDS[each]));
  const headers = kind === undefined ? [] : Object.entries(credentials.get(kind)!);
  return route.policy.audience === 'user' ? [...headers, ['X-Requested-With', 'gatehouse']] : headers;
}

/** The caller's org, and unknown ids. The org that a route would delete or suspend is unknown too. */
function pathOf(route: ServedRoute, more: Readonly<Record<string, string>> = {}): string {
  const isTarget = isUnsafe(route) && bodyDtoOf(route) === undefined && /:orgId(\/[^:]*)?$/.test(route.path);
  return concretePath(route.path, isTarget ? {} : { ...places, ...more });
}

/** With a broken body if the route reads one, so that ignored input elsewhere cannot lead to success. */
function requestTo(route: ServedRoute, more: Partial<RawRequest> = {}): RawRequest {
  const lines = isUnsafe(route) && more.body === undefined ? [JSON_TYPE] : [];
  return {
    method: route.method,
    target: pathOf(route),
    ...(lines.length > 0 ? { body: '{' } : {}),
    ...more,
    headers: [...credentialFor(route), ...lines, ...(more.headers ?? [])],
  };
}

const wrong = (inputs: readonly BadInput[]) => wrongAnswers(server.url, inputs);

// The first test, before any route has deleted data: a refused request writes nothing.
it('an undeclared query parameter is 400 for an authenticated caller', async () => {
  const inputs = routes
    .filter((route) => credentialFor(route).length > 0)
    .map((route): BadInput => {
      const target = `${concretePath(route.path, { ...places, webhook_token })}?utm_source=mail`;
      return { route, what: 'utm_source', request: requestTo(route, { target }), status: 400, field: 'utm_source' };
    });
  expect(await wrong(inputs)).toEqual([]);
});

it('a body that is not a JSON object of known fields is 400, 413 or 415', async () => {
  const inputs = routes.filter(isUnsafe).flatMap((route, turn) => {
    const isDto = bodyDtoOf(route) !== undefined && textOf(route.handler) === undefined;
    const bodies = isDto
      ? [...ALWAYS_BAD, ...inTurn(BAD_BODIES, 4, turn), ...inTurn(UNREADABLE_BODIES, 3, turn)]
      : inTurn(UNREADABLE_BODIES, 1, turn);
    return bodies.map(({ what, body, contentType, status }): BadInput => {
      const headers = [contentType === undefined ? JSON_TYPE : (['Content-Type', contentType] as const)];
      const isForm = contentType?.startsWith('multipart/') && formOf(route.handler) !== undefined;
      const isRead = isDto && !isForm;
      return { route, what, request: requestTo(route, { body, headers }), status: isRead ? status : undefined };
    });
  });
  expect(await wrong(inputs)).toEqual([]);
});

it('a megabyte of fields, objects or brackets is refused before validation', async () => {
  const route = routes.find((each) => bodyDtoOf(each) !== undefined)!;
  const inputs = Object.entries(FULL_BODIES).map(([what, body]): BadInput => {
    return { route, what, request: requestTo(route, { body, headers: [JSON_TYPE] }), status: 400 };
  });
  expect(await wrong(inputs)).toEqual([]);
});

it('a value that no column can hold is 400 in every field of every body, and the error names the field', async () => {
  const fields = routes
    .flatMap((route) => fieldsOf(bodyDtoOf(route) ?? Object).map((field) => ({ route, field })))
    .map((each, turn) => ({ ...each, turn }));
  // Fields of one name and the same rules, such as those that create and change a row, share the values.
  const distributed = distribute(
    fields,
    ({ field }) => field.rules,
    ({ field, turn }) => badBodiesOf(field, turn),
    2,
  );
  const inputs = [...distributed].flatMap(([{ route }, bodies]) =>
    bodies.map(({ what, body, status, field }): BadInput => {
      return { route, what, request: requestTo(route, { body, headers: [JSON_TYPE] }), status, field };
    }),
  );
  expect(inputs.length).toBeGreaterThan(0);
  expect(await wrong(inputs)).toEqual([]);
});

it('a broken, empty or unexpected form is a 4xx on routes that take forms, and another type is 415', async () => {
  const forms = routes.filter(({ handler }) => formOf(handler) !== undefined);
  const inputs = forms.flatMap((route) =>
    BAD_FORMS.map(({ what, body, contentType }): BadInput => {
      const request = requestTo(route, { body, headers: [['Content-Type', contentType]] });
      return { route, what, request, status: 'any 4xx' };
    }),
  );
  expect(inputs.length).toBeGreaterThan(0);
  expect(await wrong(inputs)).toEqual([]);
});

it('a malformed id is a 4xx in every segment of every path', async () => {
  const kindOf = ({ route, parameter }: Segment) => `${route.policy.audience} ${parameter !== undefined}`;
  const distributed = distribute(routes.flatMap(segmentsOf), kindOf, (segment) => badPathsOf(segment, places), 5);
  const inputs = [...distributed].flatMap(([{ route }, paths]) =>
    paths
      .filter(([, target]) => !DASHBOARD_PAGE.test(target))
      .map(([what, target]): BadInput => {
        return { route, what, request: requestTo(route, { target }), status: 'any 4xx' };
      }),
  );
  expect(await wrong(inputs)).toEqual([]);
});

it('bad paging is 400 on every list, and no query causes a 5xx', async () => {
  const lists = await inParallel(
    routes.filter(({ method }) => method === 'GET'),
    async (route) => {
      const { body } = await sendRaw(server.url, requestTo(route));
      return /^\{"items":|"total":\d+\}$/.test(body) ? [route] : [];
    },
  );
  expect(lists.flat().length).toBeGreaterThan(0);
  const [taking, others] = [routes.filter(hasQuery), routes.filter((route) => !hasQuery(route))];
  const distributed = [
    ...distribute(taking, pagingRulesOf, () => BAD_QUERIES, 6),
    ...distribute(
      others,
      () => 'none',
      () => BAD_QUERIES,
      1,
    ),
  ];
  const inputs = distributed.flatMap(([route, queries]) =>
    queries.map((query): BadInput => {
      const request = requestTo(route, { target: `${pathOf(route)}?${query}` });
      return { route, what: query.slice(0, 60), request, status: lists.flat().includes(route) ? 400 : undefined };
    }),
  );
  expect(await wrong(inputs)).toEqual([]);
});

it('overlong, repeated and misplaced headers never cause a 5xx', async () => {
  // Headers are parsed before routing, and credentials by the guard of the audience.
  const headersFor = (route: ServedRoute) => badHeadersFor(credentialFor(route));
  const distributed = distribute(routes, ({ policy }) => policy.audience, headersFor, 3);
  const inputs = [...distributed].flatMap(([route, headers]) =>
    headers.map(({ what, lines, status }): BadInput => {
      const target = pathOf(route, { webhook_token });
      return { route, what, request: requestTo(route, { target, headers: lines }), status };
    }),
  );
  expect(await wrong(inputs)).toEqual([]);
});

it('a second Content-Type header is 415 for requests with a body', async () => {
  const inputs = routes
    // The route of GitHub's reports is off by default, which is 404 before a body is read.
    .filter((route) => bodyDtoOf(route) !== undefined && route.name !== 'POST /leaks/github')
    .map((route): BadInput => {
      const request = requestTo(route, { headers: [JSON_TYPE] });
      return { route, what: 'two Content-Type', request, status: 415 };
    });
  expect(await wrong(inputs)).toEqual([]);
});
