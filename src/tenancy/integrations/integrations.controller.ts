import { Body, Controller, Delete, Patch, Post } from '@nestjs/common';
import { RequireScope } from '../../access/decorators/require-scope.js';
import { type Caller, CurrentCaller } from '../../kit/audit/actor.js';
import { Answers, AnswersNothing } from '../../core/wire/answers.js';
import { CREDENTIALS_BY_PROVIDER } from './credentials-by-provider.js';
import { CreateIntegrationDto, UpdateIntegrationDto } from './integration.dto.js';
import { kit } from './integrations.definition.js';
import { type CheckedConnection, Integrations } from './integrations.service.js';
import { Id } from '../../kit/crud/id.js';
import { Idempotent } from '../../kit/idempotency/idempotent.js';

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
    description: CREDENTIALS_BY_PROVIDER,
  })
  @Idempotent({ prepare: 'check' })
  create(@CurrentCaller() caller: Caller, @Body() _dto: CreateIntegrationDto, connection: CheckedConnection) {
    return this.service.connect(caller, connection);
  }

  check(_caller: Caller, dto: CreateIntegrationDto): Promise<CheckedConnection> {
    return this.service.check(dto);
  }

  @Patch(':id')
  @RequireScope('integrations', 'write')
  @Answers(200, kit.Row, 'Rename an integration, or replace its credentials', { refusals: [409] })
  update(@CurrentCaller() caller: Caller, @Id() id: string, @Body() dto: UpdateIntegrationDto) {
    return this.service.edit(caller, id, dto);
  }

  @Delete(':id')
  @RequireScope('integrations', 'write')
  @AnswersNothing('Disconnect a third party')
  delete(@CurrentCaller() caller: Caller, @Id() id: string): Promise<void> {
    return this.service.disconnect(caller, id);
  }
}
