import { IsIn } from 'class-validator';
import { DateRangeQuery } from '../../../kit/lists/date-range.js';
import { IsId } from '../../../kit/lists/filters.js';
import { IsTimeZone, Optional } from '../../../core/validation/decorators.js';
import { About, Field } from '../../../core/wire/field.js';
import { INTEGER, nullable } from '../../../core/wire/schema.js';
import { CHANNELS, type Channel } from '../../conversations/chat-sessions/channels.js';

export class SlaAnalyticsQuery extends DateRangeQuery {
  /** Time zone in which dates are interpreted. */
  @Optional()
  @IsTimeZone()
  timezone: string = 'UTC';

  @Optional()
  @IsId()
  policy_id?: string;

  @Optional()
  @IsId()
  team_id?: string;

  @Optional()
  @IsIn(CHANNELS)
  channel?: Channel;
}

const RATE = { type: 'number', minimum: 0, maximum: 1 };
const SECONDS = nullable({ type: 'number', minimum: 0 });

class SlaCompliance {
  @Field(INTEGER)
  fulfilled: number;

  @Field(INTEGER)
  breached: number;

  @Field(INTEGER)
  completed_after_breach: number;

  @Field(INTEGER)
  active: number;

  @About('Null: nothing was judged.')
  @Field(nullable(RATE))
  rate: number | null;
}

class SlaCompliances {
  @About('Null: nothing was judged.')
  @Field(nullable(RATE))
  overall: number | null;

  @Field()
  first_reply: SlaCompliance;

  @Field()
  resolution: SlaCompliance;
}

class SlaPercentiles {
  @Field(SECONDS)
  p50: number | null;

  @Field(SECONDS)
  p90: number | null;

  @Field(SECONDS)
  p95: number | null;
}

class SlaPercentilesByMetric {
  @Field()
  first_reply: SlaPercentiles;

  @Field()
  resolution: SlaPercentiles;
}

/** Counts sessions that started in the range. */
export class SlaReport {
  @About('0 without sessions.')
  @Field(RATE)
  coverage_rate: number;

  @Field(INTEGER)
  total_sessions: number;

  /** Sessions with an SLA policy. */
  @Field(INTEGER)
  sla_sessions: number;

  @Field()
  compliance: SlaCompliances;

  /** Office hours in seconds, of completed clocks. */
  @Field()
  percentiles: SlaPercentilesByMetric;
}
