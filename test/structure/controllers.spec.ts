import { expect, it } from 'vitest';
import { SOURCES } from './support/source-tree.js';

/** Controllers that need the request or the reply itself, and why. */
const EXCEPTIONS: Readonly<Record<string, string>> = {
  'tenancy/login-links/login-links.controller.ts': 'signing in sets a cookie, and refusals have the headers of a page',
  'tenancy/sessions/sessions.controller.ts': 'signing out clears the cookie even when the database is away',
  'tenancy/api-keys/whoami.controller.ts':
    "it is answered from memory, so Nest's handling of parameters and answers would dominate its cost",
  'operations/dashboard-pages/dashboard-pages.controller.ts': 'the raw path tells a page from a file',
};

it('controllers return their answers, and leave the request and the reply to decorators', () => {
  const direct = SOURCES.filter(
    ({ path, text }) => path.endsWith('.controller.ts') && /@Re[qs]\(|\breply\./.test(text),
  );
  expect(direct.map(({ path }) => path).toSorted()).toEqual(Object.keys(EXCEPTIONS).toSorted());
});
