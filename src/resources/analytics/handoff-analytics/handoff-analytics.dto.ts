import { partOf, Field } from '../../../core/wire/field.js';
import { INSTANT, INTEGER, listOf, oneOf } from '../../../core/wire/schema.js';
import { HANDOFF_REASONS } from '../../conversations/chat-sessions/chat-session-parts.js';
import { SENTIMENTS } from '../../conversations/chat-sessions/chat-session.entity.js';
import { Handoff } from '../../conversations/chat-sessions/handoff.entity.js';

const PERCENTAGE = { type: 'number', minimum: 0, maximum: 100 };

class ReasonCount {
  @Field(oneOf(HANDOFF_REASONS))
  reason: string;

  @Field(INTEGER)
  count: number;

  @Field(PERCENTAGE)
  percentage: number;
}

class ReasonCombination {
  @Field(listOf(oneOf(HANDOFF_REASONS)))
  reasons: string[];

  @Field(INTEGER)
  session_count: number;

  @Field(PERCENTAGE)
  percentage: number;
}

class SentimentCount {
  @Field(oneOf(SENTIMENTS))
  sentiment: string;

  @Field(INTEGER)
  count: number;

  @Field(PERCENTAGE)
  percentage: number;
}

class DayCount {
  @Field({ type: 'string', format: 'date' })
  date: string;

  @Field(INTEGER)
  count: number;
}

/** Percentages of all handoffs in the range. A handoff can have several reasons. */
export class HandoffAnalyticsReport {
  @Field()
  summary: string;

  @Field(INTEGER)
  total_handoffs: number;

  /** Sessions that started in the range. */
  @Field(INTEGER)
  total_sessions: number;

  @Field(INSTANT)
  start_date: string;

  @Field(INSTANT)
  end_date: string;

  @Field(listOf(ReasonCount))
  reasons: ReasonCount[];

  @Field(listOf(ReasonCombination))
  reason_combinations: ReasonCombination[];

  @Field(listOf(SentimentCount))
  sentiments: SentimentCount[];

  /** UTC days with at least one handoff. */
  @Field(listOf(DayCount))
  trends: DayCount[];
}

export class HandoffEvent extends partOf(Handoff, 'session_id', 'summary', 'explanation', 'reasons', 'created_at') {}
