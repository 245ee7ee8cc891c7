import type { Response, Test } from 'supertest';
import { undeclaredOf, undocumentedOf } from './documented-answers.js';

const VERBS = new Set(['get', 'head', 'post', 'put', 'patch', 'delete', 'options']);

/** Wraps a supertest client. Asserts that responses, and requests that succeed, match the API document. */
export function documented<Client extends object>(client: Client): Client {
  return new Proxy(client, {
    get(target, name) {
      const method = Reflect.get(target, name, target) as unknown;
      if (typeof method !== 'function' || !VERBS.has(String(name))) return method;
      return (path: string) => (method.call(target, path) as Test).expect(assertDocumented);
    },
  });
}

function assertDocumented(response: Response): void {
  const { req, request } = response as unknown as {
    readonly req: { readonly method: string; readonly path: string };
    readonly request: { readonly _data?: unknown };
  };
  const asked = { method: req.method, target: req.path };
  const { status, headers, text = '' } = response;
  const problems = undocumentedOf({ ...asked, status, headers, text });
  // Tests send malformed bodies as text.
  const body = typeof request._data === 'object' ? request._data : undefined;
  if (response.ok) problems.push(...undeclaredOf({ ...asked, body }));
  if (problems.length > 0) throw new Error(problems.join('\n'));
}
