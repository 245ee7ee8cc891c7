import type { RefusalReason } from '../../access/errors/refusal-reasons.js';
import type { MeteredKey } from '../../access/ports/usage-meter.js';
import type { UsageCounter } from '../../access/principal/usage-counter.js';
import type { GuardedRequest } from '../../access/principal/guarded-request.js';
import { LastCall } from './last-call.js';
import type { UsageBatch } from './usage-batch.js';

/** The counters of a process, until their counts are stored. */
export interface Counters {
  /** Closes the counts of the previous hour if a request arrives in another one. */
  enterHourOf(nowMs: number): void;
  /** Registers a counter for the next flush. Called once per counter and flush. */
  touch(counter: CredentialCounter): void;
}

/** Counts the requests of one credential of one process. It runs on every request, so counting is a few additions. */
export class CredentialCounter implements UsageCounter {
  #requests = 0;
  #refused = 0;
  #lastUsedAtMs = 0;
  #lastCall: LastCall | undefined;
  readonly #refusals = new Map<RefusalReason, number>();
  readonly #scopes = new Map<string, number>();
  #isTouched = false;

  constructor(
    private readonly key: MeteredKey,
    private readonly counters: Counters,
  ) {}

  countRequest(nowMs: number, request: GuardedRequest): void {
    this.counters.enterHourOf(nowMs);
    this.#touch();
    this.#requests++;
    // Calls within one millisecond have the same time, so any of them is the last one.
    if (this.#lastCall === undefined) this.#lastCall = new LastCall(request);
    else if (nowMs !== this.#lastUsedAtMs) this.#lastCall.replace(request);
    this.#lastUsedAtMs = nowMs;
  }

  countRefusal(reason: RefusalReason): void {
    this.#touch();
    this.#refused++;
    this.#refusals.set(reason, (this.#refusals.get(reason) ?? 0) + 1);
  }

  countRejection(nowMs: number, reason: RefusalReason): void {
    this.counters.enterHourOf(nowMs);
    this.#touch();
    this.#refusals.set(reason, (this.#refusals.get(reason) ?? 0) + 1);
  }

  countScope(scope: string): void {
    this.#touch();
    this.#scopes.set(scope, (this.#scopes.get(scope) ?? 0) + 1);
  }

  #touch(): void {
    if (this.#isTouched) return;
    this.#isTouched = true;
    this.counters.touch(this);
  }

  /** Moves the counts into a batch. */
  moveTo(batch: UsageBatch, hour: Date): void {
    const { credentialId, profile } = this.key;
    const counted = { keyId: profile.id, orgId: profile.org_id, hour };
    const lastUsedAt = new Date(this.#lastUsedAtMs);
    if (this.#requests > 0 || this.#refused > 0) {
      batch.usage.push({ ...counted, requests: this.#requests, refused: this.#refused, lastUsedAt });
    }
    for (const [reason, requests] of this.#refusals) batch.refusals.push({ ...counted, reason, requests });
    for (const [scope, uses] of this.#scopes) batch.scopeUses.push({ ...counted, scope, uses, lastUsedAt });
    if (this.#lastCall !== undefined) {
      batch.credentialUses.push({ credentialId, keyId: profile.id, at: lastUsedAt, ...this.#lastCall.row() });
    }
    this.#reset();
  }

  #reset(): void {
    this.#requests = 0;
    this.#refused = 0;
    this.#refusals.clear();
    this.#scopes.clear();
    this.#lastCall = undefined;
    this.#isTouched = false;
  }
}
