/**
 * Asked by every store before it reads a credential. With `FRESHNESS=strict`, a process that can't renew its lease may be
 * on a primary that another one has replaced, whose credentials are out of date.
 */
export abstract class ReadFence {
  /** @throws AppError database_unavailable (503) */
  abstract assertCanRead(): void;
}

/** Of commands, which have no lease: the operator chose the database. */
export const NO_FENCE: ReadFence = { assertCanRead: () => undefined };
