import { REFUSAL_REASONS, type RefusalReason } from '../../access/errors/refusal-reasons.js';
import { About, Field } from '../../core/wire/field.js';
import { INSTANT, INTEGER, listOf, nullable, oneOf, TEXT } from '../../core/wire/schema.js';
import { KEY_FINDINGS, type KeyFinding, SEVERITIES, type Severity } from './key-findings.js';
import { VERDICT_STATES } from './key-verdict.js';

const SHARE = { type: 'number', minimum: 0, maximum: 1 } as const;

export class KeyVerdict {
  @About(
    '`attention`: a finding is a warning. `unused`: no requests in these days. `ended`: revoked or expired. `suspended`: until it is resumed.',
  )
  @Field(oneOf(VERDICT_STATES))
  state: (typeof VERDICT_STATES)[number];

  @Field(TEXT)
  message: string;
}

export class DeniedRequests {
  @Field(oneOf(REFUSAL_REASONS))
  reason: RefusalReason;

  @Field(INTEGER)
  requests: number;
}

export class LimitWindow {
  @About('As in the `RateLimit` header.')
  @Field(oneOf(['key-min', 'key-hour']))
  name: string;

  @Field(INTEGER)
  limit: number;

  @About('Requests left in the current window. Without Redis, as the answering process counts them.')
  @Field(INTEGER)
  remaining: number;

  @About('The part of the limit that was used in the busiest hour (UTC); null for the minute, which is not recorded.')
  @Field(nullable({ type: 'number', minimum: 0 }))
  peak_share: number | null;
}

export class LimitHeadroom {
  @Field(listOf(LimitWindow))
  windows: LimitWindow[];

  @About('Requests that a rate limit denied in the last 7 days.')
  @Field(INTEGER)
  denied_7_days: number;
}

export class HealthFinding {
  @Field(oneOf(KEY_FINDINGS))
  code: KeyFinding;

  @About('`warning`: callers are denied, or will be soon, or strangers have the key.')
  @Field(oneOf(SEVERITIES))
  severity: Severity;

  @Field(TEXT)
  message: string;

  @About('Null: unknown.')
  @Field(nullable(INSTANT))
  since: string | null;
}

/** How a key does. */
export class KeyHealth {
  @Field()
  verdict: KeyVerdict;

  @About('The days that the counts cover.')
  @Field(INTEGER)
  days: number;

  @About('Denied requests included.')
  @Field(INTEGER)
  requests: number;

  @Field(INTEGER)
  denied: number;

  @About('Null without requests.')
  @Field(nullable(SHARE))
  allowed_share: number | null;

  @About('Most requests first.')
  @Field(listOf(DeniedRequests))
  denied_by: DeniedRequests[];

  @Field()
  limit: LimitHeadroom;

  @About('Most urgent first. Empty for revoked and expired keys.')
  @Field(listOf(HealthFinding))
  findings: HealthFinding[];
}
