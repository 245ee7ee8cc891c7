import { Controller, Get, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { ForAudience } from '../access/decorators/route-policy.js';
import { principalOf } from '../access/request.js';

/** Tells a key what it is: the first call of every integration. Answered from memory. */
@Controller('whoami')
export class WhoamiController {
  /** Sent past Nest's own answering and its pipes, as the hot reads are. */
  @Get()
  @ForAudience('any-key')
  whoami(@Req() request: FastifyRequest, @Res() reply: FastifyReply): void {
    const { profile, windows } = principalOf(request);
    const [perMinute, perHour] = windows;
    void reply.send({
      ...profile!,
      rate_limit: { per_minute: perMinute!.limit, per_hour: perHour!.limit },
      state: 'active',
      revoked_at: null,
      last_used_at: new Date(),
    });
  }
}
