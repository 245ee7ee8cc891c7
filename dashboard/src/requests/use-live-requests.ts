import { useQueryClient } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { liveRequestsUrl, type RequestFilters } from '../api/requests';
import type { LoggedRequest } from '../api/request-types';
import { SESSION } from '../api/session';

/** Bursts are shown together, because a render per row would block the page. */
const BURST_MS = 250;
const ROWS_MAX = 1_000;
/** Scrolled further down, the user reads: new rows wait, so that nothing moves. */
const TOP_PX = 160;
const NO_ROWS: readonly LoggedRequest[] = [];

export type LiveState = 'off' | 'connecting' | 'live' | 'ended';

export interface LiveRequests {
  readonly state: LiveState;
  /** Newest first. */
  readonly rows: readonly LoggedRequest[];
  /** How many rows wait. */
  readonly waiting: number;
  readonly showWaiting: () => void;
}

interface Tail {
  /** Undefined while it is off. */
  readonly url: string | undefined;
  readonly state: LiveState;
  readonly shown: readonly LoggedRequest[];
  readonly waiting: readonly LoggedRequest[];
}

/** The rows that are logged while this is on. */
export function useLiveRequests(filters: RequestFilters, isOn: boolean): LiveRequests {
  const client = useQueryClient();
  const url = isOn ? liveRequestsUrl(filters) : undefined;
  const [last, setTail] = useState<Tail>(() => startOf(undefined));
  const tail = last.url === url ? last : startOf(url);

  useEffect(() => {
    if (url === undefined) return undefined;
    const change = (how: (before: Tail) => Partial<Tail>) =>
      setTail((before) => {
        const own = before.url === url ? before : startOf(url);
        return { ...own, ...how(own) };
      });
    const source = new EventSource(url);
    const burst = burstOf((added) => change((before) => withAdded(before, added)));
    source.addEventListener('open', () => change(() => ({ state: 'live' })));
    source.addEventListener('request', ({ data }: MessageEvent<string>) =>
      burst.add(JSON.parse(data) as LoggedRequest),
    );
    source.addEventListener('error', () => {
      // The browser connects again, except after an error response: the session may have ended.
      const isOver = source.readyState === EventSource.CLOSED;
      change(() => ({ state: isOver ? 'ended' : 'connecting' }));
      if (isOver) void client.invalidateQueries({ queryKey: SESSION });
    });
    return () => {
      source.close();
      burst.stop();
    };
  }, [url, client]);

  const showWaiting = () => {
    scrollTo({ top: 0 });
    setTail((before) => ({ ...before, shown: joined(before.waiting, before.shown), waiting: NO_ROWS }));
  };
  return { state: tail.state, rows: tail.shown, waiting: tail.waiting.length, showWaiting };
}

function startOf(url: string | undefined): Tail {
  return { url, state: url === undefined ? 'off' : 'connecting', shown: NO_ROWS, waiting: NO_ROWS };
}

function withAdded({ shown, waiting }: Tail, added: readonly LoggedRequest[]): Pick<Tail, 'shown' | 'waiting'> {
  return scrollY <= TOP_PX
    ? { shown: joined(added, joined(waiting, shown)), waiting: NO_ROWS }
    : { shown, waiting: joined(added, waiting) };
}

/** Newest first, each once: after a reconnection the server repeats rows. */
function joined(newer: readonly LoggedRequest[], older: readonly LoggedRequest[]): readonly LoggedRequest[] {
  return withoutRepeats([...newer, ...older]).slice(0, ROWS_MAX);
}

export function withoutRepeats(rows: readonly LoggedRequest[]): LoggedRequest[] {
  return [...new Map(rows.map((row) => [row.id, row])).values()];
}

/** Collects rows and passes them on together, newest first. */
function burstOf(show: (rows: readonly LoggedRequest[]) => void) {
  let rows: LoggedRequest[] = [];
  let timer: ReturnType<typeof setTimeout> | undefined;
  const flush = () => {
    timer = undefined;
    show(rows.splice(0).toReversed());
  };
  return {
    add(row: LoggedRequest) {
      rows.push(row);
      timer ??= setTimeout(flush, BURST_MS);
    },
    stop() {
      clearTimeout(timer);
      rows = [];
    },
  };
}
