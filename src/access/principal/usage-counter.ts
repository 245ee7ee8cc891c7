import type { RefusalReason } from '../errors/refusal-reasons.js';
import type { GuardedRequest } from './guarded-request.js';

/** Counts the requests of one key in this process until they are stored. */
export interface UsageCounter {
  /** @param nowMs milliseconds since the epoch */
  countRequest(nowMs: number, request: GuardedRequest): void;
  /** The key's access to a request that was counted was refused: its limits, addresses or scopes. */
  countRefusal(reason: RefusalReason): void;
  /** A request that isn't counted, because the credential did not authenticate it. */
  countRejection(nowMs: number, reason: RefusalReason): void;
  /** The key needed the scope and has it. */
  countScope(scope: string): void;
}
