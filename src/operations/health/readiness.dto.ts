import type { LimitMode } from '../../access/rate-limit/rate-limit-storage.js';
import { About, Field } from '../../core/wire/field.js';
import { INTEGER, oneOf } from '../../core/wire/schema.js';

export class Liveness {
  @Field(oneOf(['ok']))
  status: 'ok';
}

class CacheState {
  @About(
    'Deaf: it hears of no changes, so every credential is looked up. Fenced (FRESHNESS=strict): no standby confirms its lease, so every credential gets 503.',
  )
  @Field(oneOf(['trusted', 'deaf', 'fenced']))
  mode: 'trusted' | 'deaf' | 'fenced';

  @Field(INTEGER)
  lease_age_ms: number;
}

export class Readiness {
  @Field(oneOf(['ok', 'unavailable']))
  status: 'ok' | 'unavailable';

  @Field(oneOf(['up', 'away']))
  database: 'up' | 'away';

  @Field()
  cache: CacheState;

  @About(
    'Shared by all servers in Redis, each alone, or partly: each alone for the requests of a lost part of a cluster.',
  )
  @Field(oneOf(['shared', 'partly', 'alone']))
  rate_limits: LimitMode;

  @About('Off: none is configured. Away: only files in it are unavailable.')
  @Field(oneOf(['up', 'away', 'off']))
  object_storage: 'up' | 'away' | 'off';
}
