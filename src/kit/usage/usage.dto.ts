import { About, Field, partOf } from '../../core/wire/field.js';
import { INSTANT, INTEGER, listOf, UUID } from '../../core/wire/schema.js';

/** Request counts of a key, refused requests included [S2]. */
export class KeyUsageTotals {
  /** The current hour (UTC) and the 23 before. */
  @Field(INTEGER)
  last_24_hours: number;

  @Field(INTEGER)
  last_7_days: number;

  @Field(INTEGER)
  last_30_days: number;
}

/** Request counts of one hour. */
export class UsageHour {
  /** Start of the hour (UTC). */
  @Field(INSTANT)
  hour: string;

  @Field(INTEGER)
  requests: number;

  /** The subset refused by the key's rate limits, address list or scopes. */
  @Field(INTEGER)
  refused: number;
}

export class KeyUsageReport extends KeyUsageTotals {
  /** The hours with requests in the last 30 days, oldest first. */
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
