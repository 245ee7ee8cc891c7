import { Body, Controller, Param, Put, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { RequireScope } from '../../../access/decorators/require-scope.js';
import { principalOf } from '../../../access/principal/request.js';
import { sendJson } from '../../../kit/crud/send-json.js';
import { Answers } from '../../../core/wire/answers.js';
import { kit } from './trainings.definition.js';
import { Trainings } from './trainings.service.js';

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
    @Req() request: FastifyRequest,
    @Param('id') id: string,
    @Body() values: PutTrainingDto,
    @Res() reply: FastifyReply,
  ) {
    const update = () => this.service.update(principalOf(request), id, values);
    sendJson(reply, await this.auditing(request, id, update));
  }
}
