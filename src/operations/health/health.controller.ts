import { Controller, Get, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { Public } from '../../access/decorators/for-audience.js';
import { Answers } from '../../core/wire/answers.js';
import { Liveness, Readiness } from './readiness.dto.js';
import { Health } from './health.service.js';

/** Probes of process managers and load balancers. */
@Controller()
export class HealthController {
  constructor(private readonly health: Health) {}

  @Get('healthz')
  @Public('asked by process managers')
  @Answers(200, Liveness, 'The process lives')
  live(): Liveness {
    return { status: 'ok' };
  }

  @Get('readyz')
  @Public('asked by balancers')
  @Answers(200, Readiness, 'It can serve; else 503', { also: { 503: Readiness } })
  async ready(@Res({ passthrough: true }) reply: FastifyReply): Promise<Readiness> {
    const readiness = await this.health.readiness();
    if (readiness.status !== 'ok') reply.code(503).header('Retry-After', '1');
    return readiness;
  }
}
