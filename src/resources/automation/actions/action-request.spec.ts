import { expect, it } from 'vitest';
import { requestOf } from './action-request.js';
import type { ActionParameter } from './action-payload.js';

const ENDPOINT = 'https://api.example/orders/{order_id}?version=2';
const parameters: ActionParameter[] = [
  { name: 'order_id', in: 'path', required: true },
  { name: 'expand', in: 'query' },
  { name: 'ids', in: 'query', style: 'pipeDelimited', explode: false },
  { name: 'filter', in: 'query', style: 'deepObject' },
  { name: 'X-Tenant', in: 'header' },
  { name: 'seat', in: 'cookie' },
];
const json = { required: true, content: { 'application/json': {} } };

function built(input: object, requestBody?: object, method: 'GET' | 'POST' = 'POST') {
  const payload = { parameters, ...(requestBody && { requestBody }) };
  const request = requestOf(
    { api_endpoint: ENDPOINT, request_type: method, payload },
    input as Record<string, unknown>,
  );
  if ('problem' in request) return request.problem;
  const { accept: _, ...headers } = request.headers!;
  return [request.method, request.url, JSON.stringify(headers), request.body ?? ''].join(' ');
}

it.each([
  [{ order_id: 7 }, 'POST https://api.example/orders/7?version=2 {} '],
  [{ order_id: 'a/b c?' }, 'POST https://api.example/orders/a%2Fb%20c%3F?version=2 {} '],
  [{ order_id: '$&' }, 'POST https://api.example/orders/%24%26?version=2 {} '],
  [{ order_id: 1, expand: ['a', 'b'] }, 'POST https://api.example/orders/1?version=2&expand=a&expand=b {} '],
  [{ order_id: 1, expand: { a: 1 } }, 'POST https://api.example/orders/1?version=2&expand=%7B%22a%22%3A1%7D {} '],
  [{ order_id: 1, expand: null }, 'POST https://api.example/orders/1?version=2 {} '],
  [{ order_id: 1, ids: [1, 2] }, 'POST https://api.example/orders/1?version=2&ids=1%7C2 {} '],
  [{ order_id: 1, filter: { a: 'x' } }, 'POST https://api.example/orders/1?version=2&filter%5Ba%5D=x {} '],
  [{ order_id: 1, 'X-Tenant': 'acme' }, 'POST https://api.example/orders/1?version=2 {"x-tenant":"acme"} '],
  [{ order_id: 1, seat: 'a;b' }, 'POST https://api.example/orders/1?version=2 {"cookie":"seat=a%3Bb"} '],
])('the input %j is sent where its parameters say', (input, request) => expect(built(input)).toBe(request));

it('the URL limit counts every occurrence of a placeholder', () => {
  const action = {
    api_endpoint: `https://api.example/${'{id}'.repeat(400)}`,
    request_type: 'GET' as const,
    payload: { parameters: [{ name: 'id', in: 'path' as const, required: true }] },
  };
  expect(requestOf(action, { id: 'ab' })).toMatchObject({ url: `https://api.example/${'ab'.repeat(400)}` });
  expect(requestOf(action, { id: 'a'.repeat(1_000_000) })).toEqual({ problem: 'id makes the URL too long' });
});

it.each([
  [json, { a: [1] }, '{"content-type":"application/json"} {"a":[1]}'],
  [{ content: { 'application/vnd.api+json': {} } }, 'x', '{"content-type":"application/vnd.api+json"} "x"'],
  [{ content: { '*/*': {} } }, [1], '{"content-type":"application/json"} [1]'],
  [
    { content: { 'multipart/form-data': {}, 'application/x-www-form-urlencoded': {} } },
    { a: 'b c', n: { x: 1 } },
    '{"content-type":"application/x-www-form-urlencoded"} a=b+c&n=%7B%22x%22%3A1%7D',
  ],
  [{ content: { 'text/plain': {} } }, 'hello', '{"content-type":"text/plain"} hello'],
])('a body is encoded as the media type of %j', (requestBody, body, sent) => {
  expect(built({ order_id: 1, body }, requestBody)).toBe(`POST https://api.example/orders/1?version=2 ${sent}`);
});

it.each([
  ['order_id is required', {}, undefined],
  ['order_id is required', { order_id: null }, undefined],
  ['order_id cannot be part of a path', { order_id: '..' }, undefined],
  ['order_id cannot be part of a path', { order_id: '' }, undefined],
  ['order_id makes the URL too long', { order_id: 'a'.repeat(20_000) }, undefined],
  ['the URL would be too long', { order_id: 1, expand: Array.from({ length: 90_000 }, () => 1) }, undefined],
  ['colour is not a parameter of this action', { order_id: 1, colour: 'red' }, undefined],
  ['X-Tenant has characters that are not allowed in a header', { order_id: 1, 'X-Tenant': 'a\r\nb: c' }, undefined],
  ['this action has no body', { order_id: 1, body: {} }, undefined],
  ['body is required', { order_id: 1 }, json],
  [
    'a body of type multipart/form-data cannot be sent',
    { order_id: 1, body: {} },
    { content: { 'multipart/form-data': {} } },
  ],
])('invalid input is refused: %s', (problem, input, requestBody) => expect(built(input, requestBody)).toBe(problem));
