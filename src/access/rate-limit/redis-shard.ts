export const TICK_MS = 50;
/** After half a second without any answer, no request waits for Redis. */
const SILENT_TICKS_MAX = 10;
/** The interval of the checks whether it is back. */
const PROBE_EVERY_TICKS = 5;

/** New: asked, but it has not answered yet. */
export type ShardState = 'new' | 'shared' | 'alone';

export interface ShardHooks {
  /** Charges windows that no request has. Rejects while requests would fail. */
  probe(): Promise<unknown>;
  changed(reason?: string): void;
  /** It left a probe without an answer, so its connection may be dead. */
  hung(): void;
}

/**
 * A part of Redis that fails as a whole: a server, or a slot of a cluster. It counts as lost when an answer is an error,
 * or when it sends nothing at all for some ticks while requests wait. A timeout per answer would fire under load, or
 * while this process is stalled and answers wait unread. Only a probe shows that it is back.
 */
export class RedisShard {
  #state: ShardState = 'new';
  readonly #waiting = new Set<() => void>();
  #tick = 0;
  #answeredTick = 0;
  #probeTick: number | undefined;

  constructor(private readonly hooks: ShardHooks) {}

  get state(): ShardState {
    return this.#state;
  }

  /** Whether no request waits for it. */
  get isIdle(): boolean {
    return this.#waiting.size === 0;
  }

  /** @param settle gets undefined if the shard fails before its answer */
  ask<T>(
    command: () => Promise<number[]>,
    settle: (answer: number[] | undefined) => T,
    failed: (error: Error) => void,
  ): Promise<T> {
    // No request waited until now, so the silence starts here.
    if (this.#waiting.size === 0) this.#answeredTick = this.#tick;
    return new Promise((resolve) => {
      const giveUp = () => resolve(settle(undefined));
      this.#waiting.add(giveUp);
      command().then(
        (answer) => {
          this.#answeredTick = this.#tick;
          if (!this.#waiting.delete(giveUp)) return;
          resolve(settle(answer));
          if (this.#state === 'new') this.#share();
        },
        (error: Error) => {
          failed(error);
          if (this.#waiting.delete(giveUp)) giveUp();
        },
      );
    });
  }

  tick(): void {
    this.#tick++;
    if (this.#waiting.size > 0 && this.#tick - this.#answeredTick >= SILENT_TICKS_MAX) this.fail('silent');
    if (this.#state !== 'shared' && this.#tick % PROBE_EVERY_TICKS === 0) this.prove();
  }

  /** Shares again if the script answers. */
  prove(): void {
    if (this.#probeTick !== undefined) {
      if (this.#tick - this.#probeTick < SILENT_TICKS_MAX) return;
      this.fail('silent');
      this.hooks.hung();
    }
    const sentTick = (this.#probeTick = this.#tick);
    this.hooks
      .probe()
      .then(
        () => this.#share(),
        (error: Error) => this.fail(error.message),
      )
      .finally(() => {
        if (this.#probeTick === sentTick) this.#probeTick = undefined;
      });
  }

  /** Includes the requests that wait for an answer. */
  fail(reason: string): void {
    const wasOpen = this.#state !== 'alone';
    this.#state = 'alone';
    if (wasOpen) this.hooks.changed(reason);
    for (const giveUp of this.#waiting) giveUp();
    this.#waiting.clear();
  }

  #share(): void {
    if (this.#state === 'shared') return;
    this.#state = 'shared';
    this.hooks.changed();
  }
}
