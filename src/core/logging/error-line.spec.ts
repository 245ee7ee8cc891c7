import { expect, it } from 'vitest';
import { errorLine } from './error-line.js';

const SECRET = 'a-secret-that-came-with-a-request';

it.each([
  ['a statement and its parameters', { query: 'SELECT $1', parameters: [SECRET], driverError: { detail: SECRET } }],
  ['the row that a constraint refused', { detail: `Key (webhook_token)=(${SECRET}) already exists.`, where: SECRET }],
  ['the URL that was no URL', { input: SECRET, base: SECRET }],
  ['the command of a client', { command: { name: 'auth', args: [SECRET] }, response: SECRET }],
  ['the headers of a request', { options: { headers: { authorization: SECRET } }, config: { url: SECRET } }],
])('the log contains nothing of %s', (_what, fields) => {
  const error = Object.assign(new Error('it failed'), fields);
  const wrapped = new Error('it failed too', { cause: error });
  const several = new AggregateError([error], 'all failed');
  for (const each of [error, wrapped, several]) expect(JSON.stringify(errorLine(each))).not.toContain(SECRET);
});

it('an error is logged with its fields, stack and causes', () => {
  const cause = Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED', errno: -111, port: 5432 });
  const error = Object.assign(new TypeError('it failed', { cause }), { constraint: 'tags_org_fk', code: '23503' });
  expect(errorLine(error)).toEqual({
    type: 'TypeError',
    message: 'it failed',
    stack: expect.stringContaining('error-line.spec'),
    code: '23503',
    constraint: 'tags_org_fk',
    cause: {
      type: 'Error',
      message: 'connect ECONNREFUSED',
      stack: expect.stringContaining('error-line.spec'),
      code: 'ECONNREFUSED',
      errno: -111,
    },
  });
});

it('values that are not errors, and circular causes, are logged', () => {
  expect(errorLine('broken')).toEqual({ type: 'string', message: 'broken' });
  const ring = new Error('ring');
  ring.cause = ring;
  expect(JSON.stringify(errorLine(ring)).match(/"cause"/g)).toHaveLength(5);
});
