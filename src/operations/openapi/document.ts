import type { Type } from '@nestjs/common';
import { type DeclaredRoute, declaredRoutes, templateOf } from '../../access/routes/declared-routes.js';
import type { CatalogueEntry } from '../../access/scopes/scope-catalogue.js';
import { shownScopes } from '../../access/scopes/scope-schemas.js';
import { answerOf, type RouteAnswer } from '../../core/wire/answers.js';
import type { Examples } from '../../core/wire/examples.js';
import { TEXT, UUID } from '../../core/wire/schema.js';
import type { ApiDocument } from './api-document.js';
import { ClassSchemas } from './class-schemas.js';
import { headerRefs, operationOf, type Operation, type Response } from './operation.js';
import { REFUSAL_EXAMPLES } from './refusal-examples.js';
import { HEADERS, REFUSAL_SCHEMAS, REFUSALS } from './refusals.js';
import { SECURITY_SCHEMES } from './security.js';
import { type Tag, tagOf } from './tags.js';
import { withExamples } from './with-examples.js';

const DESCRIPTION = `Gatehouse stands in front of a product's API and decides who may call what.

**Credentials.** \`x-audience\` says whose an operation is, \`x-scope\` what a scoped key needs,
\`x-role\` the least that a member has to be. A good credential of another
audience is 401 there. Keys travel in \`Authorization: Bearer\`, a key + secret in \`X-API-Key\` and \`X-API-Secret\`.

**Rotation.** Every answer to a credential that a newer one has replaced carries \`Deprecation\` (RFC 9745): since when.
Answers within 30 days of the end of a credential or its key carry \`Sunset\` (RFC 8594): when it stops.

**Bodies** are JSON in snake_case; times are ISO 8601 in UTC with milliseconds. Fields and query parameters that are not
listed here are 400. In a PATCH what is left out stays, and null clears what can be empty.

**Lists** answer \`items\` and the cursor of the \`next\` page, newest first.

**Retries.** A request with an \`Idempotency-Key\` has one effect, however often it is sent within 24 hours. 429 and 503 say in
\`Retry-After\` when to come back.

**Errors** have \`statusCode\`, \`message\` and \`code\`. Codes are stable, messages are for people: programs compare the \`code\`. Bodies that
the access contract fixes have no \`code\`: every 401, the 403 of a missing scope, and the 400 of \`/partner/v1\`. Every answer has an \`X-Request-Id\` to quote.`;

/**
 * Builds the document from the declarations of the routes.
 * @param catalogue the scopes that keys can be granted
 * @param examples of all features
 */
export function apiDocument(
  controllers: readonly Type[],
  catalogue: readonly CatalogueEntry[],
  examples: readonly Examples[],
): ApiDocument {
  const schemas = new ClassSchemas(shownScopes(catalogue));
  const routes = documentedRoutes(controllers);
  const paths: Record<string, Record<string, Operation>> = {};
  const ids = new Set<string>();
  for (const { route, answer } of routes) {
    const operations = (paths[templateOf(route.path)] ??= {});
    const operation = operationOf(route, answer, schemas);
    if (ids.has(operation.operationId)) throw new Error(`Two operations are called ${operation.operationId}`);
    ids.add(operation.operationId);
    operations[route.method.toLowerCase()] = operation;
  }
  const document: ApiDocument = {
    openapi: '3.1.1',
    info: {
      title: 'Gatehouse',
      version: '1.0.0',
      description: DESCRIPTION,
      license: { name: 'MIT', identifier: 'MIT' },
    },
    servers: [{ url: '/', description: 'Wherever this document comes from.' }],
    tags: tagsOf(routes.map(({ route }) => route)),
    paths,
    components: {
      securitySchemes: SECURITY_SCHEMES,
      schemas: { ...schemas.components, ...REFUSAL_SCHEMAS },
      responses: refusalResponses(),
      headers: HEADERS,
      parameters: { IdempotencyKey: IDEMPOTENCY_KEY, IfMatch: IF_MATCH, PageOrg: PAGE_ORG },
    },
  };
  return withExamples(document, examples).document;
}

const IF_MATCH = {
  name: 'If-Match',
  in: 'header',
  description:
    'The `ETag` of the version that the change is meant for: any other is 412. Several are separated by commas; `*` is any version, as without the header.',
  schema: TEXT,
  example: '"3"',
};

const IDEMPOTENCY_KEY = {
  name: 'Idempotency-Key',
  in: 'header',
  description: 'Any text that is new for each thing to be done, such as a UUID: a repetition gets the first answer.',
  schema: { type: 'string', pattern: '^[\\x21-\\x7e]{1,255}$' },
  example: '8f14e45f-ceea-467f-ab1a-3d2c51b0a7c9',
};

const PAGE_ORG = {
  name: 'X-Gatehouse-Org',
  in: 'header',
  description: 'The org that the page was loaded for; 409 when the session is in another one.',
  schema: UUID,
};

/** Sorted by path, so that diffs of the document show only real changes. */
function documentedRoutes(controllers: readonly Type[]): { route: DeclaredRoute; answer: RouteAnswer }[] {
  return declaredRoutes(controllers)
    .flatMap((route) => {
      const answer = answerOf(route.handler);
      if (answer === undefined)
        throw new Error(`${route.name} says nothing of its answer: see src/core/wire/answers.ts`);
      return 'unlisted' in answer ? [] : [{ route, answer }];
    })
    .sort(({ route: one }, { route: other }) => (one.path < other.path ? -1 : one.path > other.path ? 1 : 0));
}

function tagsOf(routes: readonly DeclaredRoute[]): Tag[] {
  const tags = new Map(routes.map(tagOf).map((tag) => [tag.name, tag]));
  return [...tags.values()].sort((one, other) => (one.name < other.name ? -1 : 1));
}

function refusalResponses(): Record<string, Response> {
  return Object.fromEntries(
    Object.entries(REFUSALS).map(([name, { description, schema, headers = [] }]): [string, Response] => [
      name,
      {
        description,
        headers: headerRefs(['XRequestId', ...headers]),
        content: {
          'application/json': {
            schema: { $ref: `#/components/schemas/${schema}` },
            examples: REFUSAL_EXAMPLES[name],
          },
        },
      },
    ]),
  );
}
