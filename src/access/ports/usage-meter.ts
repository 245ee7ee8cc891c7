import type { KeyProfile } from './key-store.js';

/** One key's requests in this process that aren't stored yet. */
export interface UsageCounter {
  /** @param nowMs milliseconds since the epoch */
  countRequest(nowMs: number): void;
  /** Of a request that was counted: one of the guards after authentication refused it. */
  countRefusal(): void;
}

/** Implemented by `kit/usage/`. */
export abstract class UsageMeter {
  /** A counter for one principal; several of one key add up. */
  abstract counterOf(key: Pick<KeyProfile, 'id' | 'org_id'>): UsageCounter;
}
