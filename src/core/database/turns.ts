interface Waiter {
  readonly begin: () => void;
  readonly giveUp: (error: Error) => void;
}

/** By row: the transactions that wait for its turn. */
type Queues = Map<string, Waiter[]>;

/** By database: all transactions of a process share its queues. */
const queuesOf = new WeakMap<object, Queues>();

/**
 * Rows that every change of a partner, an org or a key locks, and the advisory locks of services and bulk writes, in the
 * order in which a transaction takes them. The order prevents a deadlock of turns.
 */
const KINDS = [
  'services',
  'partner',
  'org',
  'key',
  'webhooks',
  'bulk',
  'storage',
  'ticket',
  'workflow',
  'chain',
] as const;
export type TurnKind = (typeof KINDS)[number];

/**
 * A transaction's turns at rows that many transactions lock. One transaction of a process waits for the lock. The others
 * queue here, where no statement timeout applies: of 90 concurrent changes on a busy machine, the last one waits longer
 * than a statement may take.
 */
export class Turns {
  readonly #queues: Queues;
  readonly #held: string[] = [];
  #isOver = false;

  /** @param database its transactions share one queue per row */
  constructor(database: object) {
    const known = queuesOf.get(database);
    this.#queues = known ?? new Map();
    if (!known) queuesOf.set(database, this.#queues);
  }

  /**
   * Resolves when no other transaction of this process has the row's turn. The turn is held until `end`. Out of order it
   * resolves at once: the transaction then waits for the lock in the database, which detects deadlocks.
   * @throws Error of the transaction before it, if the database was silent or too slow
   */
  async take(kind: TurnKind, id: string): Promise<void> {
    const row = `${KINDS.indexOf(kind)} ${id}`;
    const last = this.#held.at(-1);
    if (last !== undefined && row <= last) return;
    const waiting = this.#queues.get(row);
    if (waiting) await new Promise<void>((begin, giveUp) => waiting.push({ begin, giveUp }));
    else this.#queues.set(row, []);
    this.#held.push(row);
    // A concurrent statement failed meanwhile and ended the transaction.
    if (this.#isOver) this.end();
  }

  /**
   * Releases every turn.
   * @param tooSlow error of a transaction that waited as long as it may; every waiting transaction fails with it, without a
   *   timeout of its own
   */
  end(tooSlow?: Error): void {
    this.#isOver = true;
    for (const row of this.#held.splice(0)) {
      const waiting = this.#queues.get(row)!;
      if (tooSlow) for (const waiter of waiting.splice(0)) waiter.giveUp(tooSlow);
      const next = waiting.shift();
      if (next) next.begin();
      else this.#queues.delete(row);
    }
  }
}
