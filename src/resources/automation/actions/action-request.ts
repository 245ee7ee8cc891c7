import type { OutboundRequest } from '../../../kit/outbound/outbound.js';
import type { ActionParameter, RequestBody } from './action-payload.js';
import type { CalledAction } from './judge-action.js';

/** Values of the parameters by name, and the request's body as `body`. */
export type ActionInput = Readonly<Record<string, unknown>>;
export type ActionRequest = Pick<OutboundRequest, 'url' | 'method' | 'headers' | 'body'>;

const HEADER_VALUE = /^[\t\x20-\x7e\x80-\xff]*$/;
const SEPARATORS: Readonly<Record<string, string>> = { spaceDelimited: ' ', pipeDelimited: '|' };
const FORM = 'application/x-www-form-urlencoded';
/** Servers refuse longer ones. */
const URL_CHARACTERS_MAX = 16_384;

/** The sentence is for whoever made the call. */
class InputProblem extends Error {}

/**
 * The request that an action's payload makes of some values, each put where its parameter says, as OpenAPI 3.1's
 * styles have it. An object outside of `deepObject` is written as JSON.
 * @returns or one sentence on what is wrong with the values
 */
export function requestOf(action: CalledAction, input: ActionInput): ActionRequest | { problem: string } {
  try {
    return built(action, input);
  } catch (error) {
    if (error instanceof InputProblem) return { problem: error.message };
    throw error;
  }
}

function built({ api_endpoint: endpoint, request_type: method, payload }: CalledAction, input: ActionInput) {
  const { parameters = [], requestBody } = payload;
  const unknown = Object.keys(input).find((name) => name !== 'body' && !parameters.some((each) => each.name === name));
  if (unknown !== undefined) throw new InputProblem(`${unknown} is not a parameter of this action`);
  const given = parameters.flatMap((parameter) => {
    const value = Object.hasOwn(input, parameter.name) ? (input[parameter.name] ?? undefined) : undefined;
    if (value === undefined && parameter.required) throw new InputProblem(`${parameter.name} is required`);
    return value === undefined ? [] : [{ parameter, value }];
  });
  const of = (place: ActionParameter['in']) => given.filter(({ parameter }) => parameter.in === place);

  const filled = of('path').reduce((url, { parameter, value }) => {
    const segment = segmentOf(parameter, value);
    const parts = url.split(`{${parameter.name}}`);
    // Counted before it is put together: a value stands wherever its placeholder does.
    const length = url.length + (parts.length - 1) * segment.length;
    if (length > URL_CHARACTERS_MAX) throw new InputProblem(`${parameter.name} makes the URL too long`);
    return parts.join(segment);
  }, endpoint);
  const url = new URL(filled);
  const added = of('query').flatMap(({ parameter, value }) => queryOf(parameter, value));
  // At once: a URL writes its whole query anew for each parameter that is appended to it.
  if (added.length > 0) url.search = new URLSearchParams([...url.searchParams, ...added]).toString();
  if (url.href.length > URL_CHARACTERS_MAX) throw new InputProblem('the URL would be too long');
  const cookies = of('cookie').map(({ parameter: { name }, value }) => `${name}=${encodeURIComponent(joined(value))}`);
  const body = bodyOf(requestBody, input['body'] ?? undefined);
  const headers = {
    accept: 'application/json, */*;q=0.5',
    ...Object.fromEntries(of('header').map(({ parameter, value }) => headerOf(parameter, value))),
    ...(cookies.length > 0 && { cookie: cookies.join('; ') }),
    ...(body && { 'content-type': body.type }),
  };
  return { url: url.href, method, headers, ...(body && { body: body.text }) };
}

function segmentOf({ name }: ActionParameter, value: unknown): string {
  const text = joined(value);
  // A URL's parser would take a dot for a step, and a path without the segment is another one.
  if (/^\.{0,2}$/.test(text)) throw new InputProblem(`${name} cannot stand in a path`);
  return encodeURIComponent(text);
}

function headerOf({ name }: ActionParameter, value: unknown): [string, string] {
  const text = joined(value);
  if (!HEADER_VALUE.test(text)) throw new InputProblem(`${name} has characters that no header can carry`);
  return [name.toLowerCase(), text];
}

function queryOf({ name, style = 'form', explode = style === 'form' }: ActionParameter, value: unknown) {
  if (Array.isArray(value)) {
    if (explode) return value.map((item): [string, string] => [name, textOf(item)]);
    return [[name, value.map(textOf).join(SEPARATORS[style] ?? ',')]] as [string, string][];
  }
  if (style !== 'deepObject' || typeof value !== 'object') return [[name, textOf(value)]] as [string, string][];
  return Object.entries(value as object).map(([key, item]): [string, string] => [`${name}[${key}]`, textOf(item)]);
}

function joined(value: unknown): string {
  return Array.isArray(value) ? value.map(textOf).join(',') : textOf(value);
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}

/** As JSON where it may be, else as a form or as text. */
function bodyOf(declared: RequestBody | null | undefined, value: unknown): { type: string; text: string } | undefined {
  if (value === undefined) {
    if (declared?.required === true) throw new InputProblem('body is required');
    return undefined;
  }
  if (!declared) throw new InputProblem('this action takes no body');
  const types = Object.keys(declared.content ?? { 'application/json': {} }).filter((type) => type.includes('/'));
  const json = types.find((type) => /^[^;]*[/+](json|\*)\s*(;|$)/.test(type));
  if (json !== undefined) return { type: json.includes('*') ? 'application/json' : json, text: JSON.stringify(value) };
  if (types.some((type) => type.startsWith(FORM))) {
    if (typeof value !== 'object' || Array.isArray(value)) throw new InputProblem('body must be an object');
    const fields = Object.entries(value as object).map(([name, item]): [string, string] => [name, textOf(item)]);
    return { type: FORM, text: new URLSearchParams(fields).toString() };
  }
  const plain = types.find((type) => type.startsWith('text/'));
  if (plain !== undefined && typeof value === 'string') return { type: plain, text: value };
  throw new InputProblem(`a body of ${types.join(', ') || 'no type'} cannot be sent`);
}
