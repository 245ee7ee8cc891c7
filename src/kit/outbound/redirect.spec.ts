import { describe, expect, it } from 'vitest';
import { type Hop, redirectOf } from './redirect.js';

const headers = { authorization: 'Basic secret' };
const get: Hop = { url: new URL('https://api.example/v1/me'), method: 'GET', headers };
const post: Hop = { ...get, method: 'POST', body: '{}' };
const put: Hop = { ...post, method: 'PUT' };
const ELSEWHERE = 'https://other.example/';

/** `method url headers body` */
const written = (hop: Hop | undefined) =>
  hop && [hop.method, hop.url.href, Object.keys(hop.headers).join(), hop.body ?? ''].join(' ');

describe('a redirect within the origin', () => {
  it.each([
    [301, get, '/v2/me', 'GET https://api.example/v2/me authorization '],
    [302, get, 'you', 'GET https://api.example/v1/you authorization '],
    [303, post, '/done', 'GET https://api.example/done authorization '],
    [301, post, '/done', 'GET https://api.example/done authorization '],
    [307, post, '/again', 'POST https://api.example/again authorization {}'],
    [308, post, 'https://api.example:443/again', 'POST https://api.example/again authorization {}'],
    [301, put, '/again', 'PUT https://api.example/again authorization {}'],
    [303, put, '/done', 'GET https://api.example/done authorization '],
  ])('%i keeps the headers', (status, hop, location, next) => {
    expect(written(redirectOf(hop, status, location))).toBe(next);
  });
});

describe('a redirect to another origin', () => {
  it.each([
    [301, get, ELSEWHERE],
    [307, get, ELSEWHERE],
    [302, post, ELSEWHERE],
    [302, get, '//other.example/'],
    [302, get, 'http://api.example/v1/me'],
    [302, get, 'https://api.example:8443/v1/me'],
  ])('%i drops headers and body', (status, hop, location) => {
    expect(redirectOf(hop, status, location)).toEqual({
      url: new URL(location, hop.url),
      method: 'GET',
      headers: {},
    });
  });

  it.each([302, 307])('%i of a PUT is not followed', (status) => {
    expect(redirectOf(put, status, ELSEWHERE)).toBe(undefined);
  });

  it.each([307, 308])('%i of a POST is not followed, because that would send its body', (status) => {
    expect(redirectOf(post, status, ELSEWHERE)).toBe(undefined);
  });
});

it.each([
  [200, '/x'],
  [300, '/x'],
  [304, '/x'],
  [401, '/x'],
  [302, undefined],
  [302, 'https://'],
  [302, 'http://[::1'],
])('%i with the location %s is not a redirect', (status, location) => {
  expect(redirectOf(get, status, location)).toBe(undefined);
});
