import { expect, it } from 'vitest';
import { baseUrlOf } from './base-url.js';

const variables = { area: { default: 'eu' }, port: { default: 8443 }, none: {} };

it.each<[unknown[], string | undefined]>([
  [[{ url: 'https://a.example/v1/' }], 'https://a.example/v1'],
  [[{ url: 'http://a.example' }, { url: 'https://b.example' }], 'https://b.example'],
  [[{ url: '/v1' }, { url: 'http://a.example' }], 'http://a.example'],
  [[{ url: 'https://{area}.a.example:{port}/', variables }], 'https://eu.a.example:8443'],
  [[{ url: 'https://{none}.a.example', variables }], undefined],
  [[{ url: 'https://{area}.a.example' }], undefined],
  [[{ url: 'https://a.example?key=1' }], undefined],
  [[{ url: 'file:///etc' }, { url: 7 }, null, 'https://a.example', {}], undefined],
  [[{ url: `https://a.example/${'a'.repeat(2_048)}` }, { url: 'https://b.example' }], 'https://b.example'],
  [
    [{ url: `https://a.example/${'{area}'.repeat(300)}`, variables: { area: { default: 'a'.repeat(1e6) } } }],
    undefined,
  ],
  [[{ url: `https://a.example/${'{'.repeat(50_000)}` }], undefined],
  [[{ url: `https://a.example${'/'.repeat(1_000)}` }], 'https://a.example'],
  [[], undefined],
])('finds the base URL of server list %#', (servers, url) => expect(baseUrlOf(servers)).toBe(url));
