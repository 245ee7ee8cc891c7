import { Controller, Put } from '@nestjs/common';
import { RequireScope } from '../../../access/decorators/require-scope.js';
import { Files } from '../../../kit/files/files.service.js';
import { Answers } from '../../../core/wire/answers.js';
import { TakesForm } from '../../../core/wire/form.js';
import { ImportedActions, OPENAPI_DOCUMENT } from './action.dto.js';
import { kit } from './actions.definition.js';
import { Actions } from './actions.service.js';
import { IncomingForm } from '../../../core/http/incoming-form.js';
import { type Caller, CurrentCaller } from '../../../kit/audit/actor.js';

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
    refusals: [404, 409],
  })
  async import(@CurrentCaller() caller: Caller, @IncomingForm() form: IncomingForm): Promise<ImportedActions> {
    const { text, fields } = await this.files.readText(form, OPENAPI_DOCUMENT);
    return { imported: await this.service.import(caller, text, fields) };
  }
}
