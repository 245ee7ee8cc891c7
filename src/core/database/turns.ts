interface Waiter {
  readonly begin: () => void;
  readonly giveUp: (error: Error) => void;
}

/** By row, the transactions that wait for the one that has the turn. */
type Queues = Map<string, Waiter[]>;

/** By database: the transactions of a process share them. */
const queuesOf = new WeakMap<object, Queues>();

/**
 * Rows that every change of a partner, an org or a key locks, in the order in which a transaction locks them. The order
 * keeps transactions from waiting for each other's turns.
 */
const KINDS = ['partner', 'org', 'key', 'storage', 'chain'] as const;
export type TurnKind = (typeof KINDS)[number];

/**
 * A transaction's turns at rows that many transactions lock. Of one process one waits for the lock; the others wait
 * here, where no statement timeout runs: of 90 changes at once on a busy machine, the last waits longer than a statement
 * may take.
 */
export class Turns {
  readonly #queues: Queues;
  readonly #held: string[] = [];
  #isOver = false;

  /** @param database whose transactions queue up together */
  constructor(database: object) {
    const known = queuesOf.get(database);
    this.#queues = known ?? new Map();
    if (!known) queuesOf.set(database, this.#queues);
  }

  /**
   * Resolves when no other transaction of this process has the row's turn, which is held until `end`. Out of order it
   * resolves at once: the lock itself is waited for in the database, which detects deadlocks.
   * @throws Error of the transaction before it, if the database has become silent
   */
  async take(kind: TurnKind, id: string): Promise<void> {
    const row = `${KINDS.indexOf(kind)} ${id}`;
    const last = this.#held.at(-1);
    if (last !== undefined && row <= last) return;
    const waiting = this.#queues.get(row);
    if (waiting) await new Promise<void>((begin, giveUp) => waiting.push({ begin, giveUp }));
    else this.#queues.set(row, []);
    this.#held.push(row);
    // A statement beside the one that waited has failed, and ended the transaction.
    if (this.#isOver) this.end();
  }

  /** Gives back every turn. @param silence the others who wait would only meet the same, each after its own timeout */
  end(silence?: Error): void {
    this.#isOver = true;
    for (const row of this.#held.splice(0)) {
      const waiting = this.#queues.get(row)!;
      if (silence) for (const waiter of waiting.splice(0)) waiter.giveUp(silence);
      const next = waiting.shift();
      if (next) next.begin();
      else this.#queues.delete(row);
    }
  }
}
