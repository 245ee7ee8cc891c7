import type { ClientBase } from 'pg';

/**
 * No request waits for a silent database longer than 5 s: 1.5 s for a connection and 3.4 s for an answer. The server ends
 * a slow statement earlier: its session can roll back and go on, where one that timed out here is lost.
 */
export const CONNECT_TIMEOUT_MS = 1_500;
/** A process that starts on a busy machine is stalled itself for seconds, which a timer counts as the database's. */
export const START_CONNECT_TIMEOUT_MS = 10_000;
export const STATEMENT_TIMEOUT_MS = 3_000;
export const ANSWER_TIMEOUT_MS = 3_400;

/** What every connection of the server is opened with, pooled or not. */
export function connectionSettings(url: string, connectTimeoutMs = START_CONNECT_TIMEOUT_MS) {
  return {
    connectionString: url,
    connectionTimeoutMillis: connectTimeoutMs,
    query_timeout: ANSWER_TIMEOUT_MS,
    statement_timeout: STATEMENT_TIMEOUT_MS,
    application_name: 'gatehouse',
    keepAlive: true,
    // A connection that was closed for idling would have to be opened anew in the next rush.
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
