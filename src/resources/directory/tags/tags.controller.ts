import { Body, Controller, Delete, Param, Put } from '@nestjs/common';
import { RequireScope } from '../../../access/decorators/require-scope.js';
import { type Caller, CurrentCaller } from '../../../kit/audit/actor.js';
import { Answers, AnswersNothing } from '../../../core/wire/answers.js';
import { PutTagDto } from './tag.dto.js';
import { Tag } from './tag.entity.js';
import { kit } from './tags.definition.js';
import { Tags } from './tags.service.js';

@Controller('tags')
export class TagsController extends kit.Controller {
  constructor(override readonly service: Tags) {
    super(service);
  }

  @Put()
  @RequireScope('tags', 'write')
  @Answers(200, Tag, 'Create or replace a tag')
  put(@CurrentCaller() caller: Caller, @Body() tag: PutTagDto) {
    return this.service.put(caller, tag);
  }

  @Delete(':tag_name')
  @RequireScope('tags', 'write')
  @AnswersNothing('Delete a tag')
  delete(@CurrentCaller() caller: Caller, @Param('tag_name') name: string): Promise<void> {
    return this.service.deleteByName(caller, name);
  }
}
