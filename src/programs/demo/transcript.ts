import { isDeepStrictEqual } from 'node:util';
import { curlOf, type HttpCall } from './curl.js';

/** The status and body fields that a response must have. Any other response ends the demo. */
export interface Expectation {
  readonly status: number;
  readonly body?: Readonly<Record<string, unknown>>;
}

export interface Reply {
  readonly headers: Headers;
  /** Empty if the response is not JSON. */
  readonly body: Readonly<Record<string, string>>;
}

const SHOWN_HEADERS = [
  'location',
  'set-cookie',
  'x-gatehouse-org-external-id',
  'x-gatehouse-key-name',
  'x-gatehouse-kind',
  'x-gatehouse-scopes',
];

let steps = 0;

/** Prints the heading of the next step. */
export function say(sentence: string): void {
  console.log(`\n── ${++steps}. ${sentence}\n`);
}

/**
 * Makes a call, and prints it as a curl command together with the response.
 * @throws Error if the response is not the expected one
 */
export async function call(request: HttpCall, expected: Expectation): Promise<Reply> {
  console.log(`${curlOf(request)}\n`);
  const { method, headers } = request;
  const response = await fetch(request.url, {
    method,
    headers,
    body: request.body && JSON.stringify(request.body),
    redirect: 'manual',
  });
  const text = await response.text();
  const isJson = response.headers.get('content-type')?.startsWith('application/json') ?? false;
  const body = isJson ? (JSON.parse(text) as Reply['body']) : {};

  console.log(`HTTP ${response.status} ${response.statusText}`);
  for (const name of SHOWN_HEADERS) {
    if (response.headers.get(name)) console.log(`${name}: ${response.headers.get(name)}`);
  }
  if (isJson) console.log(JSON.stringify(body, undefined, 2));
  else if (text) console.log(`(a page: "${/<title>([^<]*)/.exec(text)?.[1]}")`);

  const wrong = Object.entries(expected.body ?? {}).filter(([field, value]) => !isDeepStrictEqual(body[field], value));
  if (response.status !== expected.status || wrong.length > 0) {
    throw new Error(`Expected ${JSON.stringify(expected)}, but ${method} ${request.url} answered otherwise.`);
  }
  return { headers: response.headers, body };
}
