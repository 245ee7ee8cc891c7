import { Controller, Get, Inject, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Public } from '../../access/decorators/for-audience.js';
import { headerOf } from '../../core/http/header-of.js';
import { CONFIG, type Config } from '../../core/config/config.js';
import { coreErrors } from '../../core/errors/core-errors.js';
import { sendCompressed } from '../../core/http/cached-body.js';
import { Answers } from '../../core/wire/answers.js';
import { canScrape } from './can-scrape.js';
import { Metrics } from './metrics.service.js';

/** For Prometheus. */
@Controller('metrics')
export class MetricsController {
  constructor(
    private readonly metrics: Metrics,
    @Inject(CONFIG) private readonly config: Pick<Config, 'metricsToken'>,
  ) {}

  @Get()
  @Public('asks who is calling itself')
  @Answers(200, { mediaType: 'text/plain' }, 'Metrics, for Prometheus', {
    description:
      'For clients on the same machine that no proxy is before, and with `Authorization: Bearer METRICS_TOKEN`; else 404.',
    refusals: [404],
  })
  async read(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    const { client, headers } = request;
    const authorization = headerOf(request, 'authorization');
    if (!canScrape({ clientAddress: client.address, headers, authorization }, this.config.metricsToken)) {
      throw coreErrors.route_not_found();
    }
    const { contentType, text } = await this.metrics.page();
    await sendCompressed(request, reply.header('content-type', contentType), text);
  }
}
