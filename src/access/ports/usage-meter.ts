import type { UsageCounter } from '../principal/usage-counter.js';
import type { StoredKey } from './key-store.js';

export type MeteredKey = Pick<StoredKey, 'credentialId'> & {
  readonly profile: Pick<StoredKey['profile'], 'id' | 'org_id'>;
};

/** Implemented by `kit/usage/`. */
export abstract class UsageMeter {
  /** A counter for one credential in the cache; the counters of one key add up. */
  abstract counterOf(key: MeteredKey): UsageCounter;
}
