import { Body, Controller, Post } from '@nestjs/common';
import { RequireScope } from '../../../access/decorators/require-scope.js';
import { type Caller, CurrentCaller } from '../../../kit/audit/actor.js';
import { Answers } from '../../../core/wire/answers.js';
import { kit } from './blocked-contacts.definition.js';
import { BlockedContacts } from './blocked-contacts.service.js';
import { BlockContactDto } from './blocklist.dto.js';

@Controller('blocklist/contacts')
export class BlockedContactsController extends kit.Controller {
  constructor(override readonly service: BlockedContacts) {
    super(service);
  }

  @Post()
  @RequireScope('blocklist', 'write')
  @Answers(200, kit.Row, 'Block a contact')
  block(@CurrentCaller() caller: Caller, @Body() dto: BlockContactDto) {
    return this.service.block(caller, dto);
  }
}
