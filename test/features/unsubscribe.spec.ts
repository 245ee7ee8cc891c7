import { afterAll, beforeAll, expect, it } from 'vitest';
import { UnsubscribeLinks } from '../../src/kit/mailer/unsubscribe-links.js';
import { PUBLIC_URL, type TestOrg, TestServer } from '../support/start-app.js';

let server: TestServer;
let org: TestOrg;
beforeAll(async () => {
  server = await TestServer.start();
  org = await server.newOrg();
});
afterAll(() => server.close());

const EMAIL = 'o\'neil+<b>"@guests.example';
/** The address without the public origin. */
const pathTo = (email = EMAIL) =>
  server.app.get(UnsubscribeLinks).linkTo({ orgId: org.id, email }).slice(PUBLIC_URL.length);
const visit = (path: string, init: RequestInit = {}) => fetch(server.url + path, init);
async function contacts(): Promise<{ email: string; unsubscribed_at: string | null }[]> {
  const { body } = await (await server.newClient(org)).get('/contacts').expect(200);
  return (body as { items: { email: string; unsubscribed_at: string | null }[] }).items;
}

it('opening the link shows a page with one form, and changes nothing', async () => {
  const answer = await visit(pathTo());
  const page = await answer.text();
  expect(answer.status).toBe(200);
  expect(answer.headers.get('content-type')).toBe('text/html; charset=utf-8');
  expect(answer.headers.get('content-security-policy')).toBe(
    "default-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'self'",
  );
  expect(answer.headers.get('cache-control')).toBe('no-store');
  expect(page).toContain('<form method="post"><button>Unsubscribe</button></form>');
  expect(page).toContain('o&#39;neil+&#60;b&#62;&#34;@guests.example');
  expect(page).not.toMatch(/<script|<b>/);
  expect(await contacts()).toEqual([]);
});

it('the form and the one click of a mail client unsubscribe, also a recipient who was no contact', async () => {
  for (const [email, body] of [
    ['form@guests.example', new URLSearchParams()],
    ['click@guests.example', new URLSearchParams({ 'List-Unsubscribe': 'One-Click' })],
    ['multipart@guests.example', formOf({ 'List-Unsubscribe': 'One-Click' })],
    ['empty@guests.example', undefined],
  ] as const) {
    const answer = await visit(pathTo(email), { method: 'POST', ...(body && { body }) });
    expect(answer.status).toBe(200);
    expect(await answer.text()).toContain('You are unsubscribed');
    const found = (await contacts()).find((contact) => contact.email === email);
    expect(found).toMatchObject({ unsubscribed_at: expect.any(String) });
    // A second click keeps the first time.
    await visit(pathTo(email), { method: 'POST' });
    expect((await contacts()).find((contact) => contact.email === email)).toEqual(found);
  }
});

it('a link that was changed does nothing', async () => {
  const before = await contacts();
  const other = server.app.get(UnsubscribeLinks).linkTo({ orgId: org.id, email: 'else@guests.example' });
  const [path, query] = pathTo('here@guests.example').split('?');
  for (const changed of [path!, `${path!}x?${query!}`, `${new URL(other).pathname}?${query!}`, `${path!}?expires=1`]) {
    for (const method of ['GET', 'POST']) {
      const answer = await visit(changed, { method });
      expect(answer.status).toBe(404);
      expect(await answer.text()).toContain('This link does not work');
    }
  }
  expect(await contacts()).toEqual(before);
});

function formOf(fields: Readonly<Record<string, string>>): FormData {
  const form = new FormData();
  for (const [name, value] of Object.entries(fields)) form.set(name, value);
  return form;
}
