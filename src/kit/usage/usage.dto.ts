import { About, Field, partOf } from '../../core/wire/field.js';
import { INSTANT, INTEGER, listOf, UUID } from '../../core/wire/schema.js';

/** How often a key was used, refused requests included [seed 002]. */
export class KeyUsageTotals {
  /** This hour (UTC) and the 23 before. */
  @Field(INTEGER)
  last_24_hours: number;

  @Field(INTEGER)
  last_7_days: number;

  @Field(INTEGER)
  last_30_days: number;
}

/** What a key did in one hour. */
export class UsageHour {
  /** Its first instant (UTC). */
  @Field(INSTANT)
  hour: string;

  @Field(INTEGER)
  requests: number;

  /** Those of them that its limits, addresses or scopes didn't allow. */
  @Field(INTEGER)
  refused: number;
}

export class KeyUsageReport extends KeyUsageTotals {
  /** The hours of the last 30 days in which it was used, oldest first. */
  @Field(listOf(UsageHour))
  series: UsageHour[];
}

export class UsageDay extends partOf(UsageHour, 'requests', 'refused') {}

export class KeyUsageByDay {
  @Field(UUID)
  id: string;

  @About('The last 30 spans of 24 hours, oldest first; the newest ends with this hour (UTC).')
  @Field(listOf(UsageDay))
  days: UsageDay[];
}

export class KeysUsageByDay {
  @About('In no order. Keys that are not there are left out.')
  @Field(listOf(KeyUsageByDay))
  items: KeyUsageByDay[];
}
