import type { OutboundRequest } from '../../../kit/outbound/outbound.js';
import type { ActionParameter, RequestBody } from './action-payload.js';
import type { CalledAction } from './validate-action.js';

/** Parameter values by name, and the request body as `body`. */
export type ActionInput = Readonly<Record<string, unknown>>;
export type ActionRequest = Pick<OutboundRequest, 'url' | 'method' | 'headers' | 'body'>;

const HEADER_VALUE = /^[\t\x20-\x7e\x80-\xff]*$/;
const SEPARATORS: Readonly<Record<string, string>> = { spaceDelimited: ' ', pipeDelimited: '|' };
const FORM = 'application/x-www-form-urlencoded';
/** Common servers refuse longer URLs. */
const URL_CHARACTERS_MAX = 16_384;

/** The message is for the caller. */
class InvalidInput extends Error {}

/**
 * Builds the request of an action. Values are serialized in the OpenAPI 3.1 style of their parameters; an object in a
 * style other than `deepObject` is serialized as JSON.
 * @returns the request, or what is wrong with the input
 */
export function requestOf(action: CalledAction, input: ActionInput): ActionRequest | { problem: string } {
  try {
    return built(action, input);
  } catch (error) {
    if (error instanceof InvalidInput) return { problem: error.message };
    throw error;
  }
}

function built({ api_endpoint: endpoint, request_type: method, payload }: CalledAction, input: ActionInput) {
  const { parameters = [], requestBody } = payload;
  const unknown = Object.keys(input).find((name) => name !== 'body' && !parameters.some((each) => each.name === name));
  if (unknown !== undefined) throw new InvalidInput(`${unknown} is not a parameter of this action`);
  const given = parameters.flatMap((parameter) => {
    const value = Object.hasOwn(input, parameter.name) ? (input[parameter.name] ?? undefined) : undefined;
    if (value === undefined && parameter.required) throw new InvalidInput(`${parameter.name} is required`);
    return value === undefined ? [] : [{ parameter, value }];
  });
  const of = (place: ActionParameter['in']) => given.filter(({ parameter }) => parameter.in === place);

  const filled = of('path').reduce((url, { parameter, value }) => {
    const segment = segmentOf(parameter, value);
    const parts = url.split(`{${parameter.name}}`);
    // Checked before joining: a placeholder can occur often, which multiplies the value.
    const length = url.length + (parts.length - 1) * segment.length;
    if (length > URL_CHARACTERS_MAX) throw new InvalidInput(`${parameter.name} makes the URL too long`);
    return parts.join(segment);
  }, endpoint);
  const url = new URL(filled);
  const added = of('query').flatMap(({ parameter, value }) => queryOf(parameter, value));
  // Set once: URLSearchParams serializes the whole query on every append.
  if (added.length > 0) url.search = new URLSearchParams([...url.searchParams, ...added]).toString();
  if (url.href.length > URL_CHARACTERS_MAX) throw new InvalidInput('the URL would be too long');
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
  // The URL parser resolves dot segments, and an empty segment changes the path.
  if (/^\.{0,2}$/.test(text)) throw new InvalidInput(`${name} cannot be part of a path`);
  return encodeURIComponent(text);
}

function headerOf({ name }: ActionParameter, value: unknown): [string, string] {
  const text = joined(value);
  if (!HEADER_VALUE.test(text)) throw new InvalidInput(`${name} has characters that are not allowed in a header`);
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

/** Prefers JSON, then a form, then text. */
function bodyOf(declared: RequestBody | null | undefined, value: unknown): { type: string; text: string } | undefined {
  if (value === undefined) {
    if (declared?.required === true) throw new InvalidInput('body is required');
    return undefined;
  }
  if (!declared) throw new InvalidInput('this action has no body');
  const types = Object.keys(declared.content ?? { 'application/json': {} }).filter((type) => type.includes('/'));
  const json = types.find((type) => /^[^;]*[/+](json|\*)\s*(;|$)/.test(type));
  if (json !== undefined) return { type: json.includes('*') ? 'application/json' : json, text: JSON.stringify(value) };
  if (types.some((type) => type.startsWith(FORM))) {
    if (typeof value !== 'object' || Array.isArray(value)) throw new InvalidInput('body must be an object');
    const fields = Object.entries(value as object).map(([name, item]): [string, string] => [name, textOf(item)]);
    return { type: FORM, text: new URLSearchParams(fields).toString() };
  }
  const plain = types.find((type) => type.startsWith('text/'));
  if (plain !== undefined && typeof value === 'string') return { type: plain, text: value };
  throw new InvalidInput(`a body of type ${types.join(', ') || 'none'} cannot be sent`);
}
