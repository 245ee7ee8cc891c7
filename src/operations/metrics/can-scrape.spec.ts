import { describe, expect, it } from 'vitest';
import { canScrape } from './can-scrape.js';

const TOKEN = 'a-token-for-the-metrics';

it.each([
  ['127.0.0.1', undefined, undefined],
  ['127.8.8.8', 'Bearer wrong', TOKEN],
  ['::1', undefined, TOKEN],
  ['203.0.113.7', `Bearer ${TOKEN}`, TOKEN],
  [undefined, `Bearer ${TOKEN}`, TOKEN],
])('%s with %s may, where the token is %s', (clientAddress, authorization, token) => {
  expect(canScrape({ clientAddress, headers: {}, authorization }, token)).toBe(true);
});

it.each([
  ['203.0.113.7', undefined, undefined],
  ['203.0.113.7', 'Bearer undefined', undefined],
  ['203.0.113.7', undefined, TOKEN],
  ['203.0.113.7', TOKEN, TOKEN],
  ['203.0.113.7', `Basic ${TOKEN}`, TOKEN],
  ['203.0.113.7', `Bearer ${TOKEN}x`, TOKEN],
  ['::ffff:7f00:1', undefined, TOKEN],
  ['1270.0.0.1', undefined, TOKEN],
  [undefined, undefined, TOKEN],
])('%s with %s may not, where the token is %s', (clientAddress, authorization, token) => {
  expect(canScrape({ clientAddress, headers: {}, authorization }, token)).toBe(false);
});

describe.each([
  'forwarded',
  'via',
  'x-forwarded-for',
  'x-forwarded-host',
  'x-forwarded-proto',
  'x-real-ip',
  'x-client-ip',
  'true-client-ip',
  'cf-connecting-ip',
])('behind a proxy that sets %s', (header) => {
  const facts = { clientAddress: '127.0.0.1', headers: { [header]: '127.0.0.1' } };

  it('the token is needed, whatever address the header names', () => {
    expect(canScrape({ ...facts, authorization: undefined }, undefined)).toBe(false);
    expect(canScrape({ ...facts, authorization: undefined }, TOKEN)).toBe(false);
    expect(canScrape({ ...facts, authorization: `Bearer ${TOKEN}` }, TOKEN)).toBe(true);
  });
});
