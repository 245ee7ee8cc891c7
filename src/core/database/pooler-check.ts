import { randomUUID } from 'node:crypto';
import type pg from 'pg';
import { ConfigError } from '../config/setting-reader.js';

/** Enough to meet one server session twice, or two. More only cost time behind a pooler in session mode. */
const ATTEMPTS = 50;

const PREPARED_STATEMENT_MISSING = '26000';
const PREPARED_STATEMENT_THERE = '42P05';

const REFUSAL =
  'DATABASE_URL leads through a pooler in transaction mode without prepared statements (PgBouncer before 1.21, or max_prepared_statements = 0): use PgBouncer 1.21 or later with max_prepared_statements above 0, pool_mode = session, or DATABASE_FAST_LANE=off';

/**
 * Refuses a pooler that gives consecutive statements of one connection to different sessions of Postgres, and doesn't
 * carry named statements along: requests would fail at random.
 * @throws ConfigError
 */
export async function assertNamedStatements(pool: pg.Pool): Promise<void> {
  const [one, other] = await Promise.all([pool.connect(), pool.connect()]);
  let isUsed = false;
  try {
    if (await isDirect(one)) return;
    isUsed = true;
    let proof: boolean | undefined;
    for (let attempt = 0; proof === undefined && attempt < ATTEMPTS; attempt++) proof = await haveNamed(one, other);
    if (proof === false) throw new ConfigError([REFUSAL]);
  } finally {
    // The statements of this check end with their connections.
    for (const client of [one, other]) client.release(isUsed);
  }
}

async function isDirect(client: pg.ClientBase): Promise<boolean> {
  const { rows } = await client.query('SELECT pg_backend_pid() AS pid');
  return rows[0].pid === (client as { processID?: number }).processID;
}

/**
 * Prepares two statements of one name on two connections, and runs the first one again.
 * @returns undefined: each connection met only its own session, so nothing is proved
 */
async function haveNamed(one: pg.ClientBase, other: pg.ClientBase): Promise<boolean | undefined> {
  const name = `check.${randomUUID()}`;
  const own = { name, text: 'SELECT pg_backend_pid() AS pid, false AS is_other' };
  const others = { name, text: 'SELECT pg_backend_pid() AS pid, true AS is_other' };
  try {
    const session = (await answerOf(one, own)).pid;
    if ((await answerOf(other, others)).pid === session) return true;
    // Twice, because some poolers take their sessions in turn.
    for (let again = 0; again < 2; again++) {
      const { pid, is_other } = await answerOf(one, own);
      if (is_other) return false;
      if (pid !== session) return true;
    }
    return undefined;
  } catch (error) {
    const { code = '' } = error as { code?: string };
    if ([PREPARED_STATEMENT_MISSING, PREPARED_STATEMENT_THERE].includes(code)) return false;
    throw error;
  }
}

interface Answer {
  /** Of the session. */
  readonly pid: number;
  /** True if the session ran the statement of the other connection. */
  readonly is_other: boolean;
}

async function answerOf(client: pg.ClientBase, statement: pg.QueryConfig): Promise<Answer> {
  return (await client.query<Answer>(statement)).rows[0]!;
}
