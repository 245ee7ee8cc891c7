import { expect, it } from 'vitest';
import { serverDocument } from '../../src/programs/generate-docs/api-document.js';
import { assertBodyName, operationIdOf, wordsOf } from '../../src/operations/openapi/names.js';

const document = serverDocument();
const operations = Object.entries(document.paths).flatMap(([path, methods]) =>
  Object.values(methods).map((operation) => ({ path, operation })),
);

/** The name of the schema of a JSON body or response. */
function schemaNameIn(content: unknown): string | undefined {
  const { $ref } = (content as Record<string, { schema?: { $ref?: string } }>)?.['application/json']?.schema ?? {};
  return $ref?.split('/').at(-1);
}

const bodies = operations.flatMap(({ path, operation }) => {
  const name = schemaNameIn((operation.requestBody as { content?: unknown } | undefined)?.content);
  return name === undefined ? [] : [{ path, id: operation.operationId, name }];
});

it('no two operations share an id, and no id repeats a word', () => {
  const ids = operations.map(({ operation }) => operation.operationId);
  expect(ids.filter((id, index) => ids.indexOf(id) !== index)).toEqual([]);
  expect(ids.filter((id) => new Set(wordsOf(id)).size < wordsOf(id).length)).toEqual([]);
});

it.each(['JwksController.jwks', 'CrawlController.listCrawls', 'TagsController.putTag'])(
  '%s is refused as an operation id',
  (route) => {
    const [name, handlerName] = route.split('.') as [string, string];
    const controller = Object.defineProperty(class {}, 'name', { value: name });
    expect(() => operationIdOf({ controller, handlerName })).toThrow('repeats a word: rename the handler');
  },
);

it('the schema name of a JSON body starts with its verb, and that of an answer does not', () => {
  expect(bodies.filter(({ name }) => !/^[A-Z][A-Za-z]+Dto$/.test(name))).toEqual([]);
  const answers = operations.flatMap(({ operation }) =>
    Object.values(operation.responses).map(({ content }) => schemaNameIn(content)),
  );
  expect(answers.filter((name) => name?.endsWith('Dto'))).toEqual([]);
});

it.each(['TeamDto', 'CreateTeam', 'UpdatephoneDto', 'CreateDto'])('%s is refused as the name of a body', (name) => {
  expect(() => assertBodyName(Object.defineProperty(class {}, 'name', { value: name }))).toThrow(name);
});

it('the bodies that create and update the same resource share their noun, not the words of a path', () => {
  const nounOf = (verb: string, end: string) =>
    new Map(
      bodies
        .filter(({ id, name }) => id.endsWith(end) && name.startsWith(verb))
        .map(({ id, name }) => [id.slice(0, -end.length), name.slice(verb.length)]),
    );
  const created = nounOf('Create', '.create');
  const updated = [...nounOf('Update', '.update')].filter(([resource]) => created.has(resource));
  expect(updated.length).toBeGreaterThan(15);
  expect(updated.filter(([resource, noun]) => created.get(resource) !== noun)).toEqual([]);
  expect(bodies.map(({ name }) => name)).toContain('UpdateOutboundTrunkDto');
});
