import { Readable } from 'node:stream';
import { setTimeout as pause } from 'node:timers/promises';
import { Inject, Injectable, type OnModuleDestroy } from '@nestjs/common';
import type { Principal } from '../../access/principal/principal.js';
import { Database } from '../../core/database/database.js';
import { LOG, type Log } from '../../core/logging/log.js';
import { WireJson } from '../../core/wire/wire-json.js';
import { Sessions } from '../../tenancy/sessions/sessions.service.js';
import { liveRequestsErrors } from './live-requests.errors.js';
import type { RequestFilters } from './request-filters.dto.js';
import { laterStatement } from './request-pages.js';
import { type Entry, READ_MAX, type ReadLater, Tail } from './tail.js';

/** A session that has ended must lose its stream within a second. */
const READ_EVERY_MS = 800;
const BEAT_EVERY_MS = 15_000;
const RECONNECT_AFTER_MS = 2_000;
const OPEN_PER_ORG_MAX = 10;

type Member = Pick<Principal, 'id' | 'orgId'>;

/** Streams new entries of the request log as server-sent events to members. */
@Injectable()
export class LiveRequests implements OnModuleDestroy {
  readonly #openByOrg = new Map<string, number>();
  readonly #draining = new AbortController();

  constructor(
    private readonly database: Database,
    private readonly sessions: Sessions,
    @Inject(LOG) private readonly log: Log,
  ) {}

  /** Runs before the server waits for its requests. Clients reconnect to another process. */
  onModuleDestroy(): void {
    this.#draining.abort();
  }

  /**
   * Ends with the session. Reads the database before it returns, so that an unavailable database answers 503.
   * @param lastId of the last entry that the client has
   * @throws AppError live_views_limit (429)
   */
  async open(member: Member, filters: RequestFilters, lastId?: string): Promise<Readable> {
    const leave = this.#enter(member.orgId);
    try {
      const { tail, missed } = await Tail.start(this.#reader(member.orgId, filters), lastId);
      const left = new AbortController();
      const stream = Readable.from(this.#events(member, tail, missed, left.signal));
      abortOnDestroy(stream, left);
      return stream.once('close', leave);
    } catch (error) {
      leave();
      throw error;
    }
  }

  #enter(orgId: string): () => void {
    const open = this.#openByOrg.get(orgId) ?? 0;
    if (open >= OPEN_PER_ORG_MAX) {
      throw liveRequestsErrors.live_views_limit({ max: OPEN_PER_ORG_MAX }, { headers: { 'Retry-After': '60' } });
    }
    this.#openByOrg.set(orgId, open + 1);
    return () => {
      const others = this.#openByOrg.get(orgId)! - 1;
      if (others > 0) this.#openByOrg.set(orgId, others);
      else this.#openByOrg.delete(orgId);
    };
  }

  #reader(orgId: string, filters: RequestFilters): ReadLater {
    return async (after, seenIds) => {
      const { text, values } = laterStatement({ orgId }, filters, { after, seenIds, limit: READ_MAX });
      return new WireJson<Entry[]>((await this.database.slowReads.run({ name: '', text }, values))!).parse();
    };
  }

  async *#events(member: Member, tail: Tail, missed: readonly Entry[], left: AbortSignal): AsyncGenerator<string> {
    const ended = AbortSignal.any([this.#draining.signal, left]);
    // Sends the response's head.
    yield `retry: ${RECONNECT_AFTER_MS}\n\n${missed.map(eventOf).join('')}`;
    let beatAtMs = Date.now() + BEAT_EVERY_MS;
    try {
      while (await this.#goesOn(member, ended)) {
        const { entries, isFull } = await tail.next();
        if (entries.length === 0 && Date.now() < beatAtMs) {
          await pause(READ_EVERY_MS, undefined, { signal: ended });
          continue;
        }
        yield entries.length === 0 ? ':\n\n' : entries.map(eventOf).join('');
        beatAtMs = Date.now() + BEAT_EVERY_MS;
        if (!isFull) await pause(READ_EVERY_MS, undefined, { signal: ended });
      }
    } catch (error) {
      // The client reconnects, and gets what it missed or an error that says more.
      if (!ended.aborted) this.log.warn({ err: error }, 'a live view of the request log ended');
    }
  }

  async #goesOn({ id }: Member, ended: AbortSignal): Promise<boolean> {
    return !ended.aborted && (await this.sessions.isLive(id));
  }
}

function eventOf(entry: Entry): string {
  return `event: request\nid: ${entry.id}\ndata: ${JSON.stringify(entry)}\n\n`;
}

/** A stream closes only when its generator has ended, which waits for the next entry. */
function abortOnDestroy(stream: Readable, left: AbortController): void {
  const destroy = stream._destroy.bind(stream);
  stream._destroy = (error, callback) => {
    left.abort();
    destroy(error, callback);
  };
}
