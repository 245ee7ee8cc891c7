import { setTimeout as pause } from 'node:timers/promises';
import type { Database } from '../../../core/database/database.js';
import type { Log } from '../../../core/logging/log.js';
import type { AuditKeys } from '../audit-keys.js';
import { type KeptHead, keptHead } from '../kept-heads.js';
import type { Range } from './audit-export.entity.js';
import { type ExportCursor, NotOwner, type Planned, type Position } from './export-cursor.js';
import type { ExportBatch, ExportLine, ExportSink } from './export-sink.js';
import { type LinkedEntry, ocsfEvent } from './ocsf-event.js';

const ENTRIES_PER_BATCH = 500;
/** Below the default limits of proxies in front of receivers. */
const BYTES_PER_BATCH = 512 * 1024;
/** Shorter than `OWNED_SECONDS`, so that no other process takes over a batch that is on its way. */
const SEND_WITHIN_MS = 15_000;
const LOOK_EVERY_MS = 1_000;
const OWN_EVERY_MS = 5_000;
const RETRY_AFTER_MS = 1_000;
const RETRY_AFTER_MS_MAX = 60_000;
const CAUGHT_UP_EVERY_MS = 5_000;
const REASON_CHARACTERS_MAX = 300;

/** Delivers the audit to one sink, at least once, from one process at a time. It never gives up. */
export class AuditExporter {
  readonly #stopping = new AbortController();
  #running: Promise<void> | undefined;
  #failures = 0;
  #savedCaughtUpMs = -Infinity;

  constructor(
    private readonly sink: ExportSink,
    private readonly cursor: ExportCursor,
    private readonly database: Pick<Database, 'manager'>,
    private readonly keys: AuditKeys,
    private readonly version: string,
    private readonly log: Pick<Log, 'warn' | 'error'>,
  ) {}

  start(): void {
    this.#running = this.#run();
  }

  /** Another process can go on at once. */
  async stop(): Promise<void> {
    this.#stopping.abort();
    await this.#running;
    await this.cursor.release().catch(() => undefined);
  }

  async #run(): Promise<void> {
    const { signal } = this.#stopping;
    while (!signal.aborted) {
      const waitMs = await this.#turn().catch((error: unknown) => this.#failed(error));
      if (waitMs > 0) await pause(waitMs, undefined, { signal, ref: false }).catch(() => undefined);
    }
  }

  /** Delivers one batch. @returns the time until the next turn */
  async #turn(): Promise<number> {
    const planned = await this.cursor.own();
    if (planned === undefined) return OWN_EVERY_MS;
    if (planned !== null) {
      await this.#deliver(planned, await this.cursor.entries(planned.ranges));
      return 0;
    }
    const caughtUpAt = await this.cursor.discover();
    if (caughtUpAt !== undefined) {
      await this.#caughtUp(caughtUpAt);
      return LOOK_EVERY_MS;
    }
    const wanted = this.cursor.next(ENTRIES_PER_BATCH);
    if (wanted.length === 0) return 0;
    const { ranges, entries } = fitting(wanted, await this.cursor.entries(wanted));
    await this.#deliver(await this.cursor.plan(ranges), entries);
    return 0;
  }

  async #deliver(planned: Planned, entries: readonly LinkedEntry[]): Promise<void> {
    const positions = endsOf(planned.ranges, entries);
    if (entries.length > 0) {
      const signal = AbortSignal.any([this.#stopping.signal, AbortSignal.timeout(SEND_WITHIN_MS)]);
      await this.sink.send(await this.#batchOf(planned, entries), signal);
    }
    await this.cursor.delivered(planned, positions);
    const missing = positions.filter(({ hash }) => hash === null).map(({ chain, sequence }) => ({ chain, sequence }));
    if (missing.length > 0) this.log.error({ missing }, 'audit entries to export are missing in the database');
    if (this.#failures > 0) this.log.warn({ sink: this.sink.name }, 'the audit export goes on');
    this.#failures = 0;
  }

  async #batchOf({ batch: number, plannedAt }: Planned, entries: readonly LinkedEntry[]): Promise<ExportBatch> {
    const { current } = await this.keys.ring(this.database.manager);
    const headOf = (at: number): KeptHead | undefined => {
      const { entry } = entries[at]!;
      if (entries[at + 1]?.entry.chain === entry.chain) return undefined;
      return keptHead(current, entry, plannedAt.toISOString());
    };
    const lines = entries.map((linked, at): ExportLine => {
      const event = ocsfEvent(linked, this.version, headOf(at));
      return { event, json: JSON.stringify(event) };
    });
    return { number, plannedAt, lines };
  }

  async #caughtUp(at: Date): Promise<void> {
    if (performance.now() < this.#savedCaughtUpMs + CAUGHT_UP_EVERY_MS) return;
    await this.cursor.caughtUp(at);
    this.#savedCaughtUpMs = performance.now();
  }

  async #failed(error: unknown): Promise<number> {
    if (this.#stopping.signal.aborted || error instanceof NotOwner) {
      this.cursor.forget();
      return 0;
    }
    this.#failures++;
    // Once per outage: the retries of a day would fill the log.
    if (this.#failures === 1) this.log.warn({ err: error, sink: this.sink.name }, 'the audit export failed; retrying');
    await this.cursor.failed(reasonOf(error)).catch(() => undefined);
    return Math.min(RETRY_AFTER_MS_MAX, RETRY_AFTER_MS * 2 ** Math.min(this.#failures - 1, 10));
  }
}

/** Cuts a batch at its maximum size. One entry always fits. */
function fitting(
  wanted: readonly Range[],
  entries: readonly LinkedEntry[],
): { readonly ranges: Range[]; readonly entries: readonly LinkedEntry[] } {
  let bytes = 0;
  const cut = entries.findIndex(({ entry }, at) => {
    bytes += Buffer.byteLength(JSON.stringify(entry)) * 2;
    return at > 0 && bytes > BYTES_PER_BATCH;
  });
  if (cut === -1) return { ranges: [...wanted], entries };
  const first = entries[cut]!.entry;
  const at = wanted.findIndex(({ chain }) => chain === first.chain);
  const ranges = wanted.slice(0, at);
  if (entries[cut - 1]!.entry.chain === first.chain) ranges.push({ ...wanted[at]!, to: first.sequence - 1 });
  return { ranges, entries: entries.slice(0, cut) };
}

/** Returns the end of each range. */
function endsOf(ranges: readonly Range[], entries: readonly LinkedEntry[]): Position[] {
  const last = new Map(entries.map(({ entry }) => [entry.chain, entry]));
  return ranges.map(({ chain, to }) => {
    const entry = last.get(chain);
    return { chain, sequence: to, hash: entry?.sequence === to ? entry.hash : null };
  });
}

function reasonOf(error: unknown): string {
  const reason = error instanceof Error ? error.message || error.name : String(error);
  return reason.slice(0, REASON_CHARACTERS_MAX);
}
