import { Body, Controller, Header, Post } from '@nestjs/common';
import { CurrentClient } from '../../access/decorators/current-client.js';
import { Public } from '../../access/decorators/for-audience.js';
import type { Client } from '../../access/network/client-ip.js';
import { Answers } from '../../core/wire/answers.js';
import { CurrentRequestId } from '../../gateway/doors/current-request-id.js';
import { AcceptedRevocation, ReportCredentialsDto } from './revocation-request.dto.js';
import { RevocationRequests } from './revocation-requests.service.js';

const ACCEPTED = { message: 'Credentials of this server among these are being revoked.' };

/** For people and programs that find a credential: a colleague, a security team, a scanner. */
@Controller('credentials')
export class ExposedCredentialsController {
  constructor(private readonly requests: RevocationRequests) {}

  @Post('revoke')
  @Header('Cache-Control', 'no-store')
  @Public('holding a credential is the right to end it', { addressWindow: 'revocation-hour' })
  @Answers(202, AcceptedRevocation, 'Revoke credentials that were exposed', {
    description:
      'Needs no credential but those in the body. API keys of orgs are revoked within seconds, and their managers get a mail. ' +
      'Keys of browsers are public, and stay. For keys of partners, services and the operator, the operator is told. ' +
      'The answer never says whether a credential exists.',
    refusals: [503],
  })
  async revoke(
    @CurrentClient() { address, network }: Client,
    @CurrentRequestId() requestId: string,
    @Body() { credentials }: ReportCredentialsDto,
  ): Promise<AcceptedRevocation> {
    await this.requests.take(credentials, { ip: address ?? null, network }, requestId);
    return ACCEPTED;
  }
}
