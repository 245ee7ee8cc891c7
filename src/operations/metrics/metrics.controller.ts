import { Controller, Get, Headers, Inject } from '@nestjs/common';
import type { IncomingHttpHeaders } from 'node:http';
import { CurrentClient } from '../../access/decorators/current-client.js';
import { Public } from '../../access/decorators/for-audience.js';
import type { Client } from '../../access/network/client-ip.js';
import { CONFIG, type Config } from '../../core/config/config.js';
import { coreErrors } from '../../core/errors/core-errors.js';
import { compressedAnswer } from '../../core/http/cached-body.js';
import { Answer } from '../../core/wire/answer.js';
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
  @Public('authenticates callers itself')
  @Answers(200, { mediaType: 'text/plain' }, 'Metrics, for Prometheus', {
    description:
      'For clients on the same machine that no proxy is before, and with `Authorization: Bearer METRICS_TOKEN`; else 404.',
    refusals: [404],
  })
  async read(@CurrentClient() client: Client, @Headers() headers: IncomingHttpHeaders): Promise<Answer> {
    const { authorization } = headers;
    if (!canScrape({ clientAddress: client.address, headers, authorization }, this.config.metricsToken)) {
      throw coreErrors.route_not_found();
    }
    const { contentType, text } = await this.metrics.page();
    return compressedAnswer(headers, contentType, text);
  }
}
