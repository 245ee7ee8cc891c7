import { expect, it } from 'vitest';
import { TestServer } from '../support/start-app.js';

const server = TestServer.forSuite();

it('GET /docs has no inline script or style, and loads only files of this server', async () => {
  const { text, headers } = await server.http.get('/docs').expect(200);
  expect(text).not.toMatch(/<script(?![^>]* src=)|<style|style=|\son\w+=/);
  expect(headers['content-security-policy']).toBe(
    "default-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'; img-src 'self' data:",
  );
  const loaded = [...text.matchAll(/(?:src|href)="([^"]+)"/g)].map(([, url]) => url!);
  expect(loaded).toEqual(['/docs/swagger-ui.css', '/docs/swagger-ui-bundle.js', '/docs/start.js']);
  for (const path of [...loaded, '/openapi.json']) await server.http.get(path).expect(200);
});

it('the API reference sends the document to no validator', async () => {
  const { text } = await server.http.get('/docs/start.js').expect(200);
  expect(text).toContain('validatorUrl: null');
  expect(text).not.toContain('http');
});
