import pg from 'pg';

/** The function of Postgres in which a COMMIT waits for its synchronous standby. Unlike the message, it is never translated. */
const WAIT_FOR_STANDBY = 'SyncRepWaitForLSN';
/** SQLSTATE transaction_resolution_unknown. */
const OUTCOME_UNKNOWN = '08007';

/**
 * Makes a statement fail whose COMMIT stopped waiting for its standby. Postgres only warns that the wait was canceled, and
 * reports success, but the change is lost if the standby becomes the primary.
 */
export function failUnconfirmedCommits(client: pg.Client): void {
  client.on('notice', ({ routine, message = '' }) => {
    if (routine !== WAIT_FOR_STANDBY) return;
    const error = new pg.DatabaseError(message, message.length, 'error');
    error.code = OUTCOME_UNKNOWN;
    // As if Postgres had sent an error: it comes before the end of the statement.
    client.connection.emit('errorMessage', error);
  });
}
