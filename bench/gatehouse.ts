import { randomBytes } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { isDeepStrictEqual } from 'node:util';
import type { Request } from 'autocannon';
import { asServer } from './scratch.ts';
import { ServerProcess } from './server-process.ts';

export const GATEHOUSE = fileURLToPath(new URL('../dist/src/main.js', import.meta.url));
const ENCRYPTION_KEY = randomBytes(32).toString('base64');

/** The size of every connection pool, ours and theirs. */
export const POOL_SIZE = 10;

const UNLIMITED = '1000000000';
const LIMITS = [
  'LIMIT_PARTNER_PER_MINUTE',
  'LIMIT_ORG_KEY_PER_MINUTE',
  'LIMIT_ORG_KEY_PER_HOUR',
  'LIMIT_AGENT_KEY_PER_MINUTE',
  'LIMIT_AGENT_KEY_PER_HOUR',
];

/** Settings of the built server: every guard and limit is active, with limits that no caller reaches. */
export function gatehouseEnvironment(databaseUrl: string): Record<string, string> {
  return {
    HOST: '127.0.0.1',
    PORT: '0',
    DATABASE_URL: asServer(databaseUrl),
    DATABASE_POOL_SIZE: String(POOL_SIZE),
    ENCRYPTION_KEY,
    LOG_LEVEL: 'warn',
    ...Object.fromEntries(LIMITS.map((name) => [name, UNLIMITED])),
  };
}

export function startGatehouse(
  databaseUrl: string,
  settings: Readonly<Record<string, string>> = {},
): Promise<ServerProcess> {
  return ServerProcess.start({
    path: GATEHOUSE,
    environment: { ...gatehouseEnvironment(databaseUrl), ...settings },
  });
}

/** A server for comparison: a file of `servers/`. */
export function startPeer(name: string, databaseUrl: string, settings: Readonly<Record<string, string>> = {}) {
  return ServerProcess.start({
    path: fileURLToPath(new URL(`servers/${name}.ts`, import.meta.url)),
    environment: { DATABASE_URL: databaseUrl, POOL_SIZE: String(POOL_SIZE), ...settings },
  });
}

export function bearer(token: string): Record<string, string> {
  return { Authorization: `Bearer ${token}` };
}

/** Reads of each contact once, with the keys in turn. */
export function readsOf(contacts: readonly string[], headers: readonly Record<string, string>[]): Request[] {
  return contacts.map((id, index) => ({ path: `/contacts/${id}`, headers: headers[index % headers.length]! }));
}

/** @throws Error if the answers of the two servers differ, which would compare different work */
export async function assertSameAnswer(one: ServerProcess, other: ServerProcess, request: Request): Promise<void> {
  const [ours, theirs] = await Promise.all([one, other].map((server) => answerOf(server, request)));
  if (!isDeepStrictEqual(ours, theirs)) {
    throw new Error(`${request.path} is answered differently: ${JSON.stringify([ours, theirs], null, 2)}`);
  }
}

async function answerOf({ url }: ServerProcess, { path, headers }: Request): Promise<unknown> {
  const answer = await fetch(url + path, { headers: headers ?? {} });
  const text = await answer.text();
  if (!answer.ok) throw new Error(`${url}${path}: ${answer.status} ${text}`);
  // The time of last use differs with each request.
  return JSON.parse(text.replace(/"last_used_at":"[^"]+"/, '"last_used_at":"now"'));
}
