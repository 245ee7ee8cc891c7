import type { ClientBase } from 'pg';

/**
 * A request waits for a silent database at most 5 s: 1.5 s for a connection and 3.4 s for an answer. Postgres cancels a
 * slow statement earlier: its session can roll back and go on, while a session that timed out here is lost.
 */
export const CONNECT_TIMEOUT_MS = 1_500;
/** A process that starts on a busy machine stalls for seconds, and its timers count that as the database's silence. */
export const START_CONNECT_TIMEOUT_MS = 10_000;
export const STATEMENT_TIMEOUT_MS = 3_000;
export const ANSWER_TIMEOUT_MS = 3_400;

/** Settings of every connection of the server, pooled or not. */
export function connectionSettings(url: string, connectTimeoutMs = START_CONNECT_TIMEOUT_MS) {
  return {
    connectionString: url,
    connectionTimeoutMillis: connectTimeoutMs,
    query_timeout: ANSWER_TIMEOUT_MS,
    statement_timeout: STATEMENT_TIMEOUT_MS,
    application_name: 'gatehouse',
    keepAlive: true,
    // An idle connection stays open for the next rush.
    idleTimeoutMillis: 0,
    onConnect: listenForErrors,
  };
}

/**
 * A pooled client has no error listener between two owners. Without one, a server that ends the session at that moment
 * would end the process. The next statement on the client fails instead.
 */
function listenForErrors(client: ClientBase): void {
  client.on('error', () => undefined);
}
