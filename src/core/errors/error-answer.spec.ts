import { NotFoundException } from '@nestjs/common';
import { describe, expect, it } from 'vitest';
import type { AppError } from './app-error.js';
import { coreErrors } from './core-errors.js';
import { invalidField, invalidRequest } from './invalid-request.js';
import { defineErrors } from './define-errors.js';
import { errorAnswer, toAppError } from './error-answer.js';

const codeOf = (error: unknown) => toAppError(error).code;
const failing = (details: object) => Object.assign(new Error('aborted'), details);

describe('toAppError', () => {
  it('keeps errors that are meant for the client', () => {
    const meant = coreErrors.taken({ what: 'Tag', field: 'name' });
    expect(toAppError(meant)).toBe(meant);
  });

  it.each<[string, unknown, string]>([
    ['a connection that the database reset', failing({ code: 'ECONNRESET' }), 'database_unavailable'],
    ['a client that hung up', failing({ code: 'ECONNRESET', statusCode: 400 }), 'malformed_request'],
    ['a value that the column cannot hold', failing({ code: '22003' }), 'invalid_request'],
    ['a table that is not there', failing({ code: '42P01' }), 'internal'],
    ['a body over the limit', failing({ code: 'FST_ERR_CTP_BODY_TOO_LARGE', statusCode: 413 }), 'body_too_large'],
    ['a route that Nest did not find', new NotFoundException('Cannot GET /x'), 'route_not_found'],
    ['a bug', new TypeError('x is not a function'), 'internal'],
    ['a text', 'thrown', 'internal'],
    ['nothing', undefined, 'internal'],
  ])('takes %s for what it is', (_what, error, code) => {
    expect(codeOf(error)).toBe(code);
  });
});

describe('errorAnswer', () => {
  it('hides the details of an unexpected error from the client', () => {
    const { status, body } = errorAnswer(toAppError(new Error('SELECT secret FROM keys')), '/contacts', 'id-1');
    expect([status, body]).toEqual([
      500,
      { statusCode: 500, message: 'Internal server error', request_id: 'id-1', code: 'internal' },
    ]);
  });

  it('lists the fields of a 400, except on partner routes and where there is no route', () => {
    const error = invalidField('name', 'name must be a string');
    const routes = ['/contacts', '/partner/v1/orgs', undefined];
    const lists = routes.map((route) => errorAnswer(error, route, 'id').body['errors']);
    expect(lists).toEqual([[{ field: 'name', message: 'name must be a string' }], undefined, undefined]);
  });

  const fixed = defineErrors({ as_it_is: { status: 409, message: 'As it is.', fixedBySource: 'S1' } });

  it('puts the code last, unless a source fixes the body', () => {
    const fieldsOf = (error: AppError, route: string) => Object.keys(errorAnswer(error, route, 'id').body);
    expect(fieldsOf(invalidField('name', 'name must be a string'), '/contacts')).toEqual([
      'statusCode',
      'message',
      'errors',
      'code',
    ]);
    expect(fieldsOf(fixed.as_it_is(), '/partner/v1/orgs')).toEqual(['statusCode', 'message']);
  });

  it('has Retry-After for each 503', () => {
    const away = errorAnswer(coreErrors.database_unavailable(), '/contacts', 'id');
    expect(away.headers).toEqual({ 'Retry-After': '1' });
  });
});

describe('invalidRequest', () => {
  it('has a bounded length for any input', () => {
    const problems = Array.from({ length: 1_000 }, (_, index) => ({
      field: `${index}${'😀'.repeat(1_000)}`,
      message: `${'😀'.repeat(1_000)} is not a known field`,
    }));
    const { body } = errorAnswer(invalidRequest(problems), '/contacts', 'id');
    const text = JSON.stringify(body);
    expect(text.length).toBeLessThan(50_000);
    expect(text.isWellFormed()).toBe(true);
    expect(body['message']).toMatch(/; and 950 more$/);
  });
});
