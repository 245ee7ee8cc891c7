import { Controller, Get, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { Public } from '../access/decorators/route-policy.js';
import { Health } from './health.service.js';

/** For process managers and balancers. */
@Controller()
export class HealthController {
  constructor(private readonly health: Health) {}

  /** The process lives. */
  @Get('healthz')
  @Public('asked by process managers')
  live() {
    return { status: 'ok' };
  }

  /** It can serve; else 503. */
  @Get('readyz')
  @Public('asked by balancers')
  async ready(@Res({ passthrough: true }) reply: FastifyReply) {
    const readiness = await this.health.readiness();
    if (readiness.status !== 'ok') reply.code(503).header('Retry-After', '1');
    return readiness;
  }
}
