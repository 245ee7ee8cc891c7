import { asText, codeBox, el, inline } from './dom.js';
import { CALLERS } from './callers.js';
import { fieldsOf, resolved, typeOf } from './schema.js';
import { tryIt } from './try-it.js';

/** The page of an operation. */
export function operationView(api, { operation, method, template }) {
  const parameters = (operation.parameters ?? []).map((parameter) => resolved(api, parameter));
  const responses = Object.entries(operation.responses).map(([status, response]) => [status, resolved(api, response)]);
  return el(
    'article',
    { class: 'operation' },
    el(
      'div',
      { class: 'main' },
      el('h1', { tabIndex: -1 }, operation.summary),
      el('p', { class: 'target' }, badge(method), el('code', {}, template)),
      operation.description === undefined ? null : el('p', {}, inline(operation.description)),
      access(operation),
      parameterList(api, parameters),
      requestBody(api, operation.requestBody),
      responseList(
        api,
        responses.filter(([status]) => status < 400),
      ),
      errorList(responses.filter(([status]) => !(status < 400))),
    ),
    el('div', { class: 'side' }, tryIt({ operation, method, template, parameters }), exampleAnswer(responses)),
  );
}

export function badge(method) {
  return el('span', { class: `method ${method}` }, method.toUpperCase());
}

/** Who may call it, and how often. */
function access(operation) {
  const { name, limits } = CALLERS[operation['x-audience']];
  const facts = [
    ['Credential', name],
    ['Scope', operation['x-scope'] === undefined ? undefined : el('code', {}, operation['x-scope'])],
    ['Role', operation['x-role'] && `${operation['x-role']} or above`],
    ['Rate limit', `${limits} (default)`],
  ];
  return el(
    'dl',
    { class: 'access' },
    facts
      .filter(([, value]) => value !== undefined)
      .map(([term, value]) => el('div', {}, el('dt', {}, term), el('dd', {}, value))),
  );
}

function parameterList(api, parameters) {
  if (parameters.length === 0) return null;
  const rows = parameters.map((parameter) =>
    el(
      'li',
      {},
      el('code', { class: 'name' }, parameter.name),
      el('span', { class: 'type' }, `${parameter.in}, ${typeOf(api, parameter.schema)}`),
      parameter.required ? null : el('span', { class: 'optional' }, 'optional'),
      parameter.description === undefined ? null : el('p', {}, inline(parameter.description)),
    ),
  );
  return [el('h2', {}, 'Parameters'), el('ul', { class: 'fields' }, rows)];
}

function requestBody(api, body) {
  if (body === undefined) return null;
  const kinds = Object.entries(body.content).map(([type, { schema }]) => [
    el('p', { class: 'media' }, type),
    fieldsOf(api, schema) ?? el('p', { class: 'type' }, typeOf(api, schema)),
  ]);
  return [el('h2', {}, 'Body'), body.description === undefined ? null : el('p', {}, body.description), kinds];
}

function responseList(api, responses) {
  const parts = responses.map(([status, { description, content }]) => {
    const [type, media] = Object.entries(content ?? {})[0] ?? [];
    return el(
      'details',
      { open: responses.length === 1 },
      el('summary', {}, el('strong', {}, status), ` ${description}`),
      type === undefined || type === 'application/json' ? null : el('p', { class: 'media' }, type),
      media === undefined ? null : fieldsOf(api, media.schema),
    );
  });
  return [el('h2', {}, 'Response'), parts];
}

/** Each error with its codes, and a body as the server writes it. */
function errorList(responses) {
  const parts = responses.map(([status, { description, content }]) => {
    const examples = Object.values(content?.['application/json']?.examples ?? {});
    return el(
      'details',
      {},
      el('summary', {}, el('strong', {}, status === 'default' ? 'Any' : status), ' ', ...inline(description)),
      examples.map(({ value }) => codeBox(asText(value), `Error ${value.statusCode}`)),
    );
  });
  return [el('h2', {}, 'Errors'), el('div', { class: 'errors' }, parts)];
}

function exampleAnswer(responses) {
  const found = responses
    .filter(([status]) => status < 300)
    .map(([status, { content }]) => [status, Object.values(content ?? {})[0]?.example]);
  const [status, example] = found.find(([, value]) => value !== undefined) ?? found[0] ?? [];
  if (status === undefined) return null;
  const text = example === undefined ? 'No content' : asText(example);
  return el(
    'section',
    { class: 'aside', 'aria-label': 'Example response' },
    el('h2', {}, `Response ${status}`),
    codeBox(text, 'Example response'),
  );
}
