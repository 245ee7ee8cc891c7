import { IsDayOrInstant } from '../../../kit/lists/date-range.js';
import { About, Field } from '../../../core/wire/field.js';
import { INSTANT, INTEGER, nullable } from '../../../core/wire/schema.js';

/** Both ends are inclusive. */
export class OverviewQuery {
  @IsDayOrInstant('start')
  from: string;

  /** At most 366 days later. */
  @IsDayOrInstant('end')
  to: string;
}

class AnalyticsPeriod {
  @Field(INSTANT)
  from: string;

  @Field(INSTANT)
  to: string;
}

/** Calls that started in the period. */
class CallCounts {
  @Field(INTEGER)
  total: number;

  @Field(INTEGER)
  answered: number;

  @Field(INTEGER)
  missed: number;
}

/** Leads that were captured in the period, by their current status. */
class LeadCounts {
  @Field(INTEGER)
  captured: number;

  @Field(INTEGER)
  qualified: number;

  @Field(INTEGER)
  converted: number;
}

/** Received from contacts, sent to contacts. */
class MessageCounts {
  @Field(INTEGER)
  sent: number;

  @Field(INTEGER)
  received: number;
}

class SessionCounts {
  @Field(INTEGER)
  opened: number;

  @Field(INTEGER)
  closed: number;

  @Field(INTEGER)
  handed_off: number;
}

export class AnalyticsOverview {
  @Field()
  period: AnalyticsPeriod;

  @Field()
  calls: CallCounts;

  @Field()
  leads: LeadCounts;

  @Field()
  messages: MessageCounts;

  @Field()
  sessions: SessionCounts;

  @About("From a contact's first unanswered message to the next reply, even if it came later. Null without replies.")
  @Field(nullable({ type: 'number', minimum: 0 }))
  avg_response_time_seconds: number | null;
}

/** Usage in the current calendar month, in UTC. */
export class AnalyticsUsage {
  @Field()
  period: AnalyticsPeriod;

  @About("Authenticated requests of the org's keys, including refused ones.")
  @Field(INTEGER)
  api_calls: number;

  @Field({ type: 'number', minimum: 0 })
  call_minutes: number;

  @Field(INTEGER)
  messages_sent: number;
}
