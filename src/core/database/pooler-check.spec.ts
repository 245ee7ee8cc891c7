import type pg from 'pg';
import { expect, it } from 'vitest';
import { assertNamedStatements } from './pooler-check.js';

/** The sessions that run the statements, in this order, again and again. */
type Turns = readonly number[];

/** Connections through a pooler in transaction mode. @param carriesNames from session to session, as PgBouncer does since 1.21 */
function poolerOf(turns: Turns, carriesNames: boolean): pg.Pool {
  /** The texts of named statements, by session. */
  const sessions = new Map<number, Map<string, string>>();
  let asked = 0;
  const connection = () => {
    const known = new Map<string, string>();
    return {
      processID: 0,
      release: () => undefined,
      query: async (statement: string | { readonly name: string; readonly text: string }) => {
        const pid = 1 + turns[asked++ % turns.length]!;
        if (typeof statement === 'string') return { rows: [{ pid }] };
        const { name, text } = statement;
        const session = sessions.get(pid) ?? new Map<string, string>();
        sessions.set(pid, session);
        const isNew = !known.has(name);
        known.set(name, text);
        if (carriesNames) return { rows: [{ pid, is_other: text.includes('true') }] };
        if (isNew && session.has(name)) throw Object.assign(new Error('it exists'), { code: '42P05' });
        if (isNew) session.set(name, text);
        const run = session.get(name);
        if (run === undefined) throw Object.assign(new Error('it does not exist'), { code: '26000' });
        return { rows: [{ pid, is_other: run.includes('true') }] };
      },
    };
  };
  return { connect: async () => connection() } as unknown as pg.Pool;
}

const TURNS: Readonly<Record<string, Turns>> = {
  'one session': [0],
  'two sessions in turn': [0, 1],
  'three sessions in turn': [0, 1, 2],
  'ten sessions in turn': [0, 1, 2, 3, 4, 5, 6, 7, 8, 9],
  "the other connection's session when a statement runs again": [0, 0, 1, 1],
};

it.each(Object.entries(TURNS))('a pooler without named statements is refused: %s', async (_, turns) => {
  await expect(assertNamedStatements(poolerOf(turns, false))).rejects.toThrow('without prepared statements');
});

it.each(Object.entries(TURNS))('a pooler with named statements is accepted: %s', async (_, turns) => {
  await assertNamedStatements(poolerOf(turns, true));
});
