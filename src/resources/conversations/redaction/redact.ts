import type { EntityManager } from 'typeorm';

/** What stands where a text was. */
export const PLACEHOLDER = '[redacted]';

/** Counts the rows that a statement changes. */
async function changedBy(manager: EntityManager, statement: string, values: unknown[]): Promise<number> {
  const sql = `WITH changed AS (${statement} RETURNING 1) SELECT count(*)::integer AS count FROM changed`;
  return ((await manager.query(sql, values)) as [{ count: number }])[0].count;
}

/**
 * Overwrites messages of a session and deletes their attachments. The caller holds the session's lock.
 * @param messageId one of them; null: all
 * @returns how many there were to redact
 */
export async function redactMessages(
  manager: EntityManager,
  orgId: string,
  sessionId: string,
  messageId: string | null,
): Promise<number> {
  const values = [orgId, sessionId, messageId];
  const which = 'org_id = $1 AND session_id = $2 AND ($3::uuid IS NULL OR id = $3)';
  const attachments = `DELETE FROM chat_attachments WHERE org_id = $1
    AND event_id IN (SELECT id FROM chat_events WHERE ${which})`;
  await manager.query(attachments, values);
  // What waits to be sent, or to be read in the outbox, quotes it.
  const copies = `UPDATE whatsapp_messages SET message = NULL WHERE org_id = $1
    AND event_id IN (SELECT id FROM chat_events WHERE ${which})`;
  await manager.query(copies, values);
  return changedBy(
    manager,
    `UPDATE chat_events SET text = $4, redacted_at = now()
     WHERE ${which} AND text IS NOT NULL AND redacted_at IS NULL`,
    [...values, PLACEHOLDER],
  );
}

/** Texts about a session that may quote it, wherever they are kept: column by table, and what says whose it is. */
const TEXTS_ABOUT_SESSION = [
  { table: 'handoffs', column: 'summary', session: 'session_id' },
  { table: 'handoffs', column: 'explanation', session: 'session_id' },
  { table: 'csat_scores', column: 'comment', session: 'session_id' },
  { table: 'insights', column: 'content', session: 'content_session_id' },
];
const CLEAR_CLOSED_PAYLOADS = `
  UPDATE chat_events SET context = NULL
  WHERE org_id = $1 AND session_id = $2 AND context IS NOT NULL
    AND type IN ('closed_resolved_by_api', 'closed_unresolved_by_api')`;

/** @returns how many there were to redact */
export async function redactTextsAbout(manager: EntityManager, orgId: string, sessionId: string): Promise<number> {
  let count = await changedBy(manager, CLEAR_CLOSED_PAYLOADS, [orgId, sessionId]);
  for (const { table, column, session } of TEXTS_ABOUT_SESSION) {
    const statement = `UPDATE ${table} SET ${column} = $3 WHERE org_id = $1 AND ${session} = $2 AND ${column} <> $3`;
    count += await changedBy(manager, statement, [orgId, sessionId, PLACEHOLDER]);
  }
  return count;
}
