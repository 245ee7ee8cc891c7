import type { Client, ClientBase } from 'pg';
import { failUnconfirmedCommits } from './unconfirmed-commit.js';

/** How long a request waits for the database. */
export interface DatabaseTimeouts {
  /** For a connection. */
  readonly connectMs: number;
  /** Until Postgres cancels a statement. */
  readonly statementMs: number;
  /** For an answer. Longer: a session whose statement was cancelled can go on, one that timed out here is lost. */
  readonly answerMs: number;
}

/** With the default of 3 s for a statement, a request waits for a silent database at most 5 s. */
export function timeoutsOf(statementMs: number): DatabaseTimeouts {
  return { connectMs: statementMs / 2, statementMs, answerMs: statementMs + 400 };
}

/** A database, and the patience with it. */
export interface DatabaseAddress {
  readonly url: string;
  readonly timeouts: DatabaseTimeouts;
}

export const DEFAULT_TIMEOUTS = timeoutsOf(3_000);
/** A process that starts on a busy machine stalls for seconds, and its timers count that as the database's silence. */
export const START_CONNECT_TIMEOUT_MS = 10_000;

/** Settings of every connection of the server, pooled or not. */
export function connectionSettings(
  url: string,
  { statementMs, answerMs } = DEFAULT_TIMEOUTS,
  connectTimeoutMs = START_CONNECT_TIMEOUT_MS,
) {
  return {
    connectionString: url,
    connectionTimeoutMillis: connectTimeoutMs,
    query_timeout: answerMs,
    statement_timeout: statementMs,
    application_name: 'gatehouse',
    keepAlive: true,
    // An idle connection stays open for the next rush.
    idleTimeoutMillis: 0,
    onConnect: watch,
  };
}

function watch(client: ClientBase): void {
  listenForErrors(client);
  failUnconfirmedCommits(client as Client);
}

/**
 * A pooled client has no error listener between two owners. Without one, a server that ends the session at that moment
 * would end the process. The next statement on the client fails instead.
 */
function listenForErrors(client: ClientBase): void {
  client.on('error', () => undefined);
}
