import { Body, Controller, Delete, Param, Put, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { CurrentPrincipal } from '../../access/decorators/current-principal.js';
import { RequireScope } from '../../access/decorators/route-policy.js';
import type { Principal } from '../../access/principal.js';
import { sendJson } from '../../resource-kit/send-json.js';
import { Answers, AnswersNothing } from '../../wire/answers.js';
import { PutTagDto } from './tag.dto.js';
import { Tag } from './tag.entity.js';
import { kit, Tags } from './tags.service.js';

@Controller('tags')
export class TagsController extends kit.Controller {
  constructor(override readonly service: Tags) {
    super(service);
  }

  @Put()
  @RequireScope('tags', 'write')
  @Answers(200, Tag, 'Create or replace a tag')
  async put(@CurrentPrincipal() principal: Principal, @Body() tag: PutTagDto, @Res() reply: FastifyReply) {
    sendJson(reply, await this.service.put(principal, tag));
  }

  @Delete(':tag_name')
  @RequireScope('tags', 'write')
  @AnswersNothing('Delete a tag')
  delete(@CurrentPrincipal() principal: Principal, @Param('tag_name') name: string): Promise<void> {
    return this.service.deleteByName(principal, name);
  }
}

export const tags = { ...kit, controllers: [TagsController], providers: [Tags] };
