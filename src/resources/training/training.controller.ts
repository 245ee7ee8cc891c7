import { Body, Controller, Param, Put, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { CurrentPrincipal } from '../../access/decorators/current-principal.js';
import { RequireScope } from '../../access/decorators/route-policy.js';
import type { Principal } from '../../access/principal.js';
import { sendJson } from '../../resource-kit/send-json.js';
import { Answers } from '../../wire/answers.js';
import { kit, Trainings } from './trainings.service.js';

class PutTrainingDto extends kit.UpdateDto {}

@Controller('training')
export class TrainingController extends kit.Controller {
  constructor(override readonly service: Trainings) {
    super(service);
  }

  @Put(':id')
  @RequireScope('training', 'write')
  @Answers(200, kit.Row, 'Update a training', { description: 'What is left out stays as it is.' })
  async put(
    @CurrentPrincipal() principal: Principal,
    @Param('id') id: string,
    @Body() values: PutTrainingDto,
    @Res() reply: FastifyReply,
  ) {
    sendJson(reply, await this.service.update(principal, id, values));
  }
}

export const training = { ...kit, controllers: [TrainingController], providers: [Trainings] };
