import { Body, Controller, Headers, HttpCode, Post, UseGuards } from '@nestjs/common';
import type { IncomingHttpHeaders } from 'node:http';
import { CurrentClient } from '../../access/decorators/current-client.js';
import { Public } from '../../access/decorators/for-audience.js';
import type { Client } from '../../access/network/client-ip.js';
import { NotInDocument } from '../../core/wire/answers.js';
import { CurrentRequestId } from '../../gateway/doors/current-request-id.js';
import { LimitsBody } from '../../core/wire/body-limit.js';
import { TakesText } from '../../core/wire/text-body.js';
import { GithubReports, type SecretLabel } from './github-reports.service.js';
import { signatureIn } from './report-signature.js';
import { SecretScanningGuard } from './secret-scanning.guard.js';

const BODY_BYTES_MAX = 4 * 1024 * 1024;

/** For GitHub's secret scanning partner programme. */
@Controller('leaks')
export class GithubReportsController {
  constructor(private readonly reports: GithubReports) {}

  /** The signature covers the bytes of the body. Text that is valid UTF-8 has the same bytes again. */
  @Post('github')
  @Public('GitHub signs its reports')
  @UseGuards(SecretScanningGuard)
  @LimitsBody(BODY_BYTES_MAX)
  @TakesText(['application/json'])
  @NotInDocument('only GitHub calls it, in a form that GitHub defines; docs/guides/leaked-keys.md describes it')
  @HttpCode(200)
  report(
    @CurrentClient() { network }: Client,
    @Headers() headers: IncomingHttpHeaders,
    @CurrentRequestId() requestId: string,
    @Body() body: string | undefined,
  ): Promise<SecretLabel[]> {
    return this.reports.take({ body: body ?? '', ...signatureIn(headers)!, network, requestId });
  }
}
