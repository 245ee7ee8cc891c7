import { defineResource } from '../../../kit/crud/define-resource.js';
import { ActionCalls } from './action-calls.service.js';
import { ActionsController } from './actions.controller.js';
import { kit } from './actions.definition.js';
import { Actions } from './actions.service.js';
import { OpenApiDocuments } from './openapi-documents.service.js';

export const actions = defineResource({
  ...kit.definition,
  service: Actions,
  controller: ActionsController,
  providers: [ActionCalls, OpenApiDocuments],
});
