import { Body, Controller, Delete, Param, Patch, Post, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { RequireScope } from '../../access/decorators/require-scope.js';
import { type Caller, CurrentCaller } from '../../kit/audit/actor.js';
import { sendJson } from '../../kit/crud/send-json.js';
import { Answers, AnswersNothing } from '../../core/wire/answers.js';
import { CREDENTIALS_BY_PROVIDER } from './credentials-by-provider.js';
import { CreateIntegrationDto, UpdateIntegrationDto } from './integration.dto.js';
import { kit } from './integrations.definition.js';
import { Integrations } from './integrations.service.js';

/** Routes for keys of the org. A partner connects integrations when it creates the org. */
@Controller('integrations')
export class IntegrationsController extends kit.Controller {
  constructor(override readonly service: Integrations) {
    super(service);
  }

  @Post()
  @RequireScope('integrations', 'write')
  @Answers(201, kit.Row, 'Connect a third party', {
    refusals: [409],
    once: true,
    description: CREDENTIALS_BY_PROVIDER,
  })
  async create(
    @CurrentCaller() caller: Caller,
    @Body() dto: CreateIntegrationDto,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ) {
    const answer = await this.idempotency.once(
      request,
      (connection) => this.service.connect(caller, connection),
      () => this.service.check(dto),
    );
    sendJson(reply, answer);
  }

  @Patch(':id')
  @RequireScope('integrations', 'write')
  @Answers(200, kit.Row, 'Rename an integration, or replace its credentials', { refusals: [409] })
  async update(
    @CurrentCaller() caller: Caller,
    @Param('id') id: string,
    @Body() dto: UpdateIntegrationDto,
    @Res() reply: FastifyReply,
  ) {
    sendJson(reply, await this.service.edit(caller, id, dto));
  }

  @Delete(':id')
  @RequireScope('integrations', 'write')
  @AnswersNothing('Disconnect a third party')
  delete(@CurrentCaller() caller: Caller, @Param('id') id: string): Promise<void> {
    return this.service.disconnect(caller, id);
  }
}
