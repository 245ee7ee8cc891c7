import type { Response, Test } from 'supertest';
import { undocumentedOf } from './documented-answers.js';

const VERBS = new Set(['get', 'head', 'post', 'put', 'patch', 'delete', 'options']);

/** A supertest client each of whose answers must be what the document says. */
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
  const { method, path } = (response as Response & { req: { method: string; path: string } }).req;
  const { status, headers } = response;
  const problems = undocumentedOf({ method, target: path, status, headers, text: response.text ?? '' });
  if (problems.length > 0) throw new Error(problems.join('\n'));
}
