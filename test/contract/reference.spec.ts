import { expect, it } from 'vitest';
import { TestServer } from '../support/start-app.js';

const server = TestServer.forSuite();

/** The modules that a module imports. */
const importsOf = (text: string) => [...text.matchAll(/from '\.\/([\w.-]+)'/g)].map(([, name]) => name!);

it('GET /docs has no inline script or style, and loads only files of this server', async () => {
  const { text, headers } = await server.http.get('/docs').expect(200);
  expect(text).not.toMatch(/<script(?![^>]* src=)|<style|style=|\son\w+=/);
  expect(headers['content-security-policy']).toBe(
    "default-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'",
  );
  const loaded = [...text.matchAll(/(?:src|href)="(\/docs\/[^"]+)"/g)].map(([, url]) => url!);
  expect(loaded).toEqual(['/docs/assets/reference.css', '/docs/assets/reference.js']);
  for (const path of [...loaded, '/openapi.json']) await server.http.get(path).expect(200);
});

it('every module of the API reference is served, names no other host and makes no element from text', async () => {
  const waiting = new Set(['reference.js']);
  for (const name of waiting) {
    const { text, headers } = await server.http.get(`/docs/assets/${name}`).expect(200);
    expect(headers['content-type']).toBe('text/javascript; charset=utf-8');
    expect(text).not.toMatch(/https?:\/\/|innerHTML|insertAdjacentHTML|\beval\b/);
    for (const imported of importsOf(text)) waiting.add(imported);
  }
  expect(waiting.size).toBe(7);
});

it('a name that is no part of the API reference is an unknown route', async () => {
  await server.http.get('/docs/assets/..%2Freference-page.ts').expect(404);
  await server.http.get('/docs/assets/nothing.js').expect(404);
});
