import { expect, it } from 'vitest';
import { requestIdIn } from './request-id';

it.each([
  ['kX3b_9aQ-2f', 'kX3b_9aQ-2f'],
  ['  01a223df-2699-770b-970a-6b5d9ff74b56 ', '01a223df-2699-770b-970a-6b5d9ff74b56'],
  ['X-Request-Id: abc-1', 'abc-1'],
  ['< x-request-id: kX3b_9aQ-2f', 'kX3b_9aQ-2f'],
  ['{"level":50,"request_id":"kX3b_9aQ-2f","msg":"403"}', 'kX3b_9aQ-2f'],
  ['requestId=order42', 'order42'],
])('the request id in %s is found', (text, id) => {
  expect(requestIdIn(text)).toBe(id);
});

it.each(['', 'services', 'CRM sync', 'a-1', 'contacts:read'])('there is no request id in "%s"', (text) => {
  expect(requestIdIn(text)).toBeUndefined();
});
