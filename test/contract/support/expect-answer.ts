import type { Response } from 'supertest';
import { expect } from 'vitest';

/** Asserts the status, exact body and headers of a refusal. */
export function expectAnswer(
  answer: Response,
  status: number,
  body: string,
  headers: Readonly<Record<string, string>> = {},
): void {
  expect({ status: answer.status, body: answer.text }).toEqual({ status, body });
  expect(answer.headers).toMatchObject({
    'content-type': 'application/json; charset=utf-8',
    'x-content-type-options': 'nosniff',
    ...headers,
  });
}
