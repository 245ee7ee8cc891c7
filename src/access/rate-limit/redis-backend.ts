import type { Redis } from 'ioredis';
import type { RateWindow } from './rate-window.js';

/** One server, or the servers of a cluster. */
export interface RedisBackend {
  readonly commands: Pick<Redis, 'chargeWindows'>;
  /** The key of a window's counter. */
  keyOf(window: RateWindow): string;
  /** The slot of the windows with this tag. */
  slotOf(tag: string): number;
  /** The server of the slot; undefined: none is known. */
  serverOf(slot: number): string | undefined;
  /** Keys that no window has, to try out a slot. */
  probeKeys(tag: string): readonly string[];
  /** A tag of a slot of each server. Slots without a server are left out. */
  tagsByServer(): ReadonlyMap<string, string>;
  /** Whether each slot has a server. */
  readonly isComplete: boolean;
  /** Why slots have no server although Redis answers; undefined: no such reason is known. */
  readonly trouble: string | undefined;
  /** The part of Redis that an error of the script is about. */
  extentOf(error: Error): 'slot' | 'server';
  /** Connects again, because the server hangs or is no longer a master. */
  reconnect(server: string): void;
  /** Asks the cluster for its servers. */
  refresh(): void;
  close(): void;
}

export interface BackendListener {
  /** The servers may have changed. */
  connected(): void;
  disconnected(server: string): void;
  /** A connection could not be made. */
  unreachable(reason: string): void;
}

export const KEY_PREFIX = 'gatehouse:limit:';
export const CONNECT_TIMEOUT_MS = 2_000;
/** A connection that hangs is not closed politely. */
export const DISCONNECT_TIMEOUT_MS = 100;
const RECONNECT_MS_MAX = 500;

export function retryAfterMs(attempt: number): number {
  return Math.min(attempt * 50, RECONNECT_MS_MAX);
}
