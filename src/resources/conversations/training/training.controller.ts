import { Body, Controller, Put } from '@nestjs/common';
import { RequireScope } from '../../../access/decorators/require-scope.js';
import { Answers } from '../../../core/wire/answers.js';
import { kit } from './trainings.definition.js';
import { Trainings } from './trainings.service.js';
import { Id } from '../../../kit/crud/id.js';
import { Audited } from '../../../kit/crud/audited.js';
import { CurrentPrincipal } from '../../../access/decorators/current-principal.js';
import type { Principal } from '../../../access/principal/principal.js';

class PutTrainingDto extends kit.UpdateDto {}

@Controller('training')
export class TrainingController extends kit.Controller {
  constructor(override readonly service: Trainings) {
    super(service);
  }

  @Put(':id')
  @RequireScope('training', 'write')
  @Answers(200, kit.Row, 'Update a training', { description: 'What is left out stays as it is.' })
  @Audited()
  put(@CurrentPrincipal() principal: Principal, @Id() id: string, @Body() values: PutTrainingDto) {
    return this.service.update(principal, id, values);
  }
}
