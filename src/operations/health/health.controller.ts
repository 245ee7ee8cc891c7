import { Controller, Get } from '@nestjs/common';
import { Public } from '../../access/decorators/for-audience.js';
import { Answer } from '../../core/wire/answer.js';
import { Answers } from '../../core/wire/answers.js';
import { Liveness, Readiness } from './readiness.dto.js';
import { Health } from './health.service.js';

/** Probes of process managers and load balancers. */
@Controller()
export class HealthController {
  constructor(private readonly health: Health) {}

  @Get('healthz')
  @Public('called by process managers')
  @Answers(200, Liveness, 'The process lives')
  live(): Liveness {
    return { status: 'ok' };
  }

  @Get('readyz')
  @Public('called by load balancers')
  @Answers(200, Readiness, 'It can serve; else 503', { also: { 503: Readiness } })
  async ready(): Promise<Readiness | Answer<Readiness>> {
    const readiness = await this.health.readiness();
    if (readiness.status === 'ok') return readiness;
    return new Answer(readiness, { status: 503, headers: { 'retry-after': 1 } });
  }
}
