import { Controller, Put, Req } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { RequireScope } from '../../../access/decorators/require-scope.js';
import { callerOf } from '../../../kit/audit/actor.js';
import { Files } from '../../../kit/files/files.service.js';
import { Answers } from '../../../core/wire/answers.js';
import { TakesForm } from '../../../core/wire/form.js';
import { ImportedActions, OPENAPI_DOCUMENT } from './action.dto.js';
import { kit } from './actions.definition.js';
import { Actions } from './actions.service.js';

@Controller('actions')
export class ActionsController extends kit.Controller {
  constructor(
    override readonly service: Actions,
    private readonly files: Files,
  ) {
    super(service);
  }

  @Put()
  @RequireScope('actions', 'write')
  @TakesForm(OPENAPI_DOCUMENT)
  @Answers(200, ImportedActions, 'Import actions from an OpenAPI document', {
    description:
      'OpenAPI 2.0, 3.0 or 3.1; references to other documents are not followed. What was imported before is replaced, ' +
      'an operation that was there keeps its id, and actions made one by one stay. Of a 400, `code` says what is wrong.',
    refusals: [409],
  })
  async import(@Req() request: FastifyRequest): Promise<ImportedActions> {
    const { text, fields } = await this.files.readText(request, OPENAPI_DOCUMENT);
    return { imported: await this.service.import(callerOf(request), text, fields.server_base_url) };
  }
}
