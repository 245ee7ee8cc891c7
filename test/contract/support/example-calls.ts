import type { ExampleFields, ExampleValue } from '../../../src/core/wire/examples.js';
import type { Audience } from '../../../src/access/scopes/audience.js';
import type { ApiDocument } from '../../../src/operations/openapi/api-document.js';
import type { Operation } from '../../../src/operations/openapi/operation.js';

/** A request that the API document gives as an example. */
export interface ExampleCall {
  readonly operationId: string;
  /** In upper case. */
  readonly method: string;
  readonly template: string;
  readonly audience: Audience;
  readonly path: Readonly<Record<string, string>>;
  readonly query: ExampleFields;
  readonly body?: { readonly type: string; readonly value: ExampleValue };
  /** The example of the first response that succeeds; undefined if it has no JSON. */
  readonly answer: ExampleValue | undefined;
  /** Whether the response has no end. */
  readonly isStream: boolean;
}

interface Parameter {
  readonly name?: string;
  readonly in?: string;
  readonly example?: ExampleValue;
}
type ContentByType = Readonly<Record<string, { readonly example?: ExampleValue }>>;

/** The example requests of all operations, one for each media type of the body. */
export function exampleCalls({ paths }: ApiDocument): ExampleCall[] {
  return Object.entries(paths).flatMap(([template, methods]) =>
    Object.entries(methods).flatMap(([method, operation]) => callsOf(template, method, operation)),
  );
}

function callsOf(template: string, method: string, operation: Operation): ExampleCall[] {
  const parameters = (operation.parameters ?? []) as readonly Parameter[];
  const examplesIn = (place: string) =>
    Object.fromEntries(
      parameters.flatMap(({ name, in: where, example }) =>
        where === place && example !== undefined ? [[name!, example]] : [],
      ),
    );
  const [, success] = Object.entries(operation.responses).find(([status]) => /^2\d\d$/.test(status))!;
  const call = {
    operationId: operation.operationId,
    method: method.toUpperCase(),
    template,
    audience: operation['x-audience'],
    path: examplesIn('path') as Readonly<Record<string, string>>,
    query: examplesIn('query'),
    answer: success.content?.['application/json']?.example,
    isStream: success.content !== undefined && 'text/event-stream' in success.content,
  };
  const { content = {} } = (operation.requestBody ?? {}) as { content?: ContentByType };
  const bodies = Object.entries(content).map(([type, { example }]) => ({ type, value: example! }));
  return bodies.length === 0 ? [call] : bodies.map((body) => ({ ...call, body }));
}

/** All texts inside a value, at any depth. */
export function textsIn(value: ExampleValue | undefined): string[] {
  if (typeof value === 'string') return [value];
  if (typeof value !== 'object' || value === null) return [];
  return Object.values(value).flatMap((each: ExampleValue) => textsIn(each));
}
