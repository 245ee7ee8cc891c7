import type { EntityManager } from 'typeorm';

/** Replaces a redacted text. */
export const PLACEHOLDER = '[redacted]';

/** The target of a redaction: one message of a chat session, or all. */
export interface Redacted {
  readonly orgId: string;
  readonly sessionId: string;
  /** Null: every message of the session. */
  readonly messageId: string | null;
  /** Of the session; null: it has none. */
  readonly contactId: string | null;
}

/** Clears a feature's rows about a chat session. */
export interface RedactionRule {
  /**
   * Rules run in this order. `copies` and `messages` run for a message and for a session; `session` rules only for a
   * session. Copies are not counted.
   */
  readonly of: (typeof REDACTION_ORDER)[number];
  /** Runs in the redaction's transaction, which holds the session's lock. @returns how many texts it cleared */
  readonly clear: (manager: EntityManager, redacted: Redacted) => Promise<number>;
}

export const REDACTION_ORDER = ['copies', 'messages', 'session'] as const;

/** Token of the rules of all features. */
export const REDACTION_RULES = Symbol('REDACTION_RULES');

/** Replaces a text about a session, which may quote it. */
export function textAboutSession(table: string, column: string, sessionColumn = 'session_id'): RedactionRule {
  const sql = `UPDATE ${table} SET ${column} = $3 WHERE org_id = $1 AND ${sessionColumn} = $2 AND ${column} <> $3`;
  return {
    of: 'session',
    clear: (manager, { orgId, sessionId }) => countChanged(manager, sql, [orgId, sessionId, PLACEHOLDER]),
  };
}

/** Runs an UPDATE or a DELETE. @returns how many rows it changed */
export async function countChanged(manager: EntityManager, sql: string, values: unknown[]): Promise<number> {
  const counting = `WITH changed AS (${sql} RETURNING 1) SELECT count(*)::integer AS count FROM changed`;
  return ((await manager.query(counting, values)) as [{ count: number }])[0].count;
}
