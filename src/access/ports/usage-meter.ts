import type { KeyProfile } from './key-store.js';

/** Counts the requests of one key in this process until they are stored. */
export interface UsageCounter {
  /** @param nowMs milliseconds since the epoch */
  countRequest(nowMs: number): void;
  /** The key's access to a request that was counted was refused: its limits, addresses or scopes. */
  countRefusal(): void;
}

/** Implemented by `kit/usage/`. */
export abstract class UsageMeter {
  /** A counter for one principal; the counters of one key add up. */
  abstract counterOf(key: Pick<KeyProfile, 'id' | 'org_id'>): UsageCounter;
}
