import { Controller, Get } from '@nestjs/common';
import { CurrentPrincipal } from '../access/decorators/current-principal.js';
import { ForAudience } from '../access/decorators/route-policy.js';
import type { Principal } from '../access/principal.js';

/** Tells a key what it is: the first call of every integration. Answered from memory. */
@Controller('whoami')
export class WhoamiController {
  @Get()
  @ForAudience('any-key')
  whoami(@CurrentPrincipal() principal: Principal) {
    const [perMinute, perHour] = principal.windows;
    return {
      ...principal.profile!,
      rate_limit: { per_minute: perMinute!.limit, per_hour: perHour!.limit },
      state: 'active',
      revoked_at: null,
      last_used_at: new Date(),
    };
  }
}
