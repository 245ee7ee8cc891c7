import { About, Field } from '../../core/wire/field.js';
import { INTEGER, oneOf } from '../../core/wire/schema.js';

export class Liveness {
  @Field(oneOf(['ok']))
  status: 'ok';
}

class CacheState {
  @About('Deaf: it hears of no changes, so every credential is looked up.')
  @Field(oneOf(['trusted', 'deaf']))
  mode: 'trusted' | 'deaf';

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

  @About('Shared by all servers in Redis, or each alone.')
  @Field(oneOf(['shared', 'alone']))
  rate_limits: 'shared' | 'alone';
}
