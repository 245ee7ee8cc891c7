import type { RefusalReason } from '../../access/errors/refusal-reasons.js';

interface KeyCount {
  readonly keyId: string;
  readonly orgId: string | null;
  readonly hour: Date;
}

/** The counts that a flush stores for one key and hour. */
export interface UsageRow extends KeyCount {
  readonly requests: number;
  readonly refused: number;
  readonly lastUsedAt: Date;
}

export interface RefusalRow extends KeyCount {
  readonly reason: RefusalReason;
  readonly requests: number;
}

export interface ScopeUseRow extends KeyCount {
  readonly scope: string;
  readonly uses: number;
  readonly lastUsedAt: Date;
}

/** The last request of a credential. */
export interface CredentialUseRow {
  readonly credentialId: string;
  readonly keyId: string;
  readonly at: Date;
  readonly clientAddress: string | null;
  readonly userAgent: string | null;
  readonly route: string | null;
  readonly service: string | null;
}

/** What one flush stores. */
export class UsageBatch {
  readonly usage: UsageRow[] = [];
  readonly refusals: RefusalRow[] = [];
  readonly scopeUses: ScopeUseRow[] = [];
  readonly credentialUses: CredentialUseRow[] = [];

  get isEmpty(): boolean {
    return this.usage.length === 0 && this.refusals.length === 0 && this.scopeUses.length === 0;
  }
}
