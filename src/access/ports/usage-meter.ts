import type { KeyProfile } from './key-store.js';

/** Counts the requests of one key in this process until they are stored. */
export interface UsageCounter {
  /** @param nowMs milliseconds since the epoch */
  countRequest(nowMs: number): void;
  /** Of a request that was counted: one of the guards after authentication refused it. */
  countRefusal(): void;
}

/** Implemented by `kit/usage/`. */
export abstract class UsageMeter {
  /** A counter for one principal; the counters of one key add up. */
  abstract counterOf(key: Pick<KeyProfile, 'id' | 'org_id'>): UsageCounter;
}
