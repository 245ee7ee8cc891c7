import { describe, expect, it } from 'vitest';
import { serverDocument } from '../../src/programs/generate-docs/api-document.js';

const document = serverDocument();

/** Values that may be any JSON. Only these may have no type. */
const ANY_JSON = [
  'AuditEntryView.changes.*.after',
  'AuditEntryView.changes.*.before',
  'CreateWorkflowDto.workflow_blocks.[].anyOf.1.condition.left',
  'CreateWorkflowDto.workflow_blocks.[].anyOf.1.condition.right',
  'Training.metadata.*',
  'UpdateWorkflowDto.workflow_blocks.[].anyOf.1.condition.left',
  'UpdateWorkflowDto.workflow_blocks.[].anyOf.1.condition.right',
  'workflows.call application/json',
];

interface Node {
  readonly [keyword: string]: unknown;
}
interface Found {
  readonly where: string;
  readonly schema: Node;
}

/** A schema and its parts, except those that only restrict fields of the schema itself. */
function* schemasIn(where: string, schema: Node): Generator<Found> {
  yield { where, schema };
  const { properties = {}, items, additionalProperties } = schema as Record<string, Record<string, Node> | undefined>;
  for (const [name, property] of Object.entries(properties)) yield* schemasIn(`${where}.${name}`, property);
  if (items !== undefined) yield* schemasIn(`${where}.[]`, items);
  if (typeof additionalProperties === 'object') yield* schemasIn(`${where}.*`, additionalProperties);
  for (const keyword of 'type' in schema ? [] : ['anyOf', 'oneOf', 'allOf']) {
    for (const [index, part] of ((schema[keyword] ?? []) as Node[]).entries()) {
      yield* schemasIn(`${where}.${keyword}.${index}`, part);
    }
  }
}

function* schemasOf(content: unknown, where: string): Generator<Found> {
  for (const [mediaType, { schema }] of Object.entries((content ?? {}) as Record<string, { schema: Node }>)) {
    yield* schemasIn(`${where} ${mediaType}`, schema);
  }
}

function* allSchemas(): Generator<Found> {
  for (const [name, schema] of Object.entries(document.components.schemas)) yield* schemasIn(name, schema);
  for (const operation of Object.values(document.paths).flatMap((methods) => Object.values(methods))) {
    for (const parameter of (operation.parameters ?? []) as { name?: string; schema?: Node }[]) {
      if (parameter.schema) yield* schemasIn(`${operation.operationId}?${parameter.name}`, parameter.schema);
    }
    yield* schemasOf((operation.requestBody as { content?: unknown } | undefined)?.content, operation.operationId);
    for (const [status, { content }] of Object.entries(operation.responses)) {
      yield* schemasOf(content, `${operation.operationId} ${status}`);
    }
  }
}

const schemas = [...allSchemas()];
const typesOf = ({ type }: Node) => [type].flat();
const wheresOf = (predicate: (schema: Node) => boolean) =>
  schemas.filter(({ schema }) => predicate(schema)).map(({ where }) => where);

describe('each schema of the API document', () => {
  it('declares the items of an array', () => {
    expect(wheresOf((schema) => typesOf(schema).includes('array') && !('items' in schema))).toEqual([]);
  });

  it('declares the fields of an object, or that any field is allowed', () => {
    const isVague = (schema: Node) =>
      typesOf(schema).includes('object') && !('properties' in schema) && !('additionalProperties' in schema);
    expect(wheresOf(isVague)).toEqual([]);
  });

  it('has a type, a reference or a composition, unless any JSON is valid', () => {
    const isUntyped = (schema: Node) => !['type', '$ref', 'anyOf', 'oneOf', 'allOf'].some((word) => word in schema);
    expect(wheresOf(isUntyped).sort()).toEqual(ANY_JSON);
  });

  it('that is stored only says so in its description', () => {
    const stored = schemas.filter(({ schema }) => 'x-stored-only' in schema);
    expect(stored.length).toBeGreaterThan(0);
    const isSilent = ({ schema }: Found) =>
      !String(schema['description']).endsWith(`. ${String(schema['x-stored-only'])}`);
    expect(stored.filter(isSilent).map(({ where }) => where)).toEqual([]);
  });

  it('requires only declared fields', () => {
    const requiresUnknown = ({ required = [], properties = {} }: Node) =>
      (required as string[]).some((name) => !(name in (properties as object)));
    expect(wheresOf(requiresUnknown)).toEqual([]);
  });

  it('refers only to existing schemas', () => {
    const refers = ({ $ref }: Node) =>
      $ref !== undefined && !(String($ref).split('/').at(-1)! in document.components.schemas);
    expect(wheresOf(refers)).toEqual([]);
  });
});
