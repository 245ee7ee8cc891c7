import { Body, Controller, Post } from '@nestjs/common';
import { RequireScope } from '../../../access/decorators/require-scope.js';
import { type Caller, CurrentCaller } from '../../../kit/audit/actor.js';
import { Answers } from '../../../core/wire/answers.js';
import { RedactionReport, RedactMessageDto, RedactSessionDto, SessionRedactionReport } from './redaction.dto.js';
import { Redactions } from './redactions.service.js';

@Controller('redaction')
export class RedactionController {
  constructor(private readonly redactions: Redactions) {}

  @Post('message')
  @RequireScope('redaction', 'write')
  @Answers(200, RedactionReport, 'Redact a message permanently', { refusals: [404] })
  redactMessage(@CurrentCaller() caller: Caller, @Body() dto: RedactMessageDto): Promise<RedactionReport> {
    return this.redactions.redactMessage(caller, dto);
  }

  @Post('session')
  @RequireScope('redaction', 'write')
  @Answers(200, SessionRedactionReport, 'Redact a session permanently', { refusals: [404] })
  redactSession(@CurrentCaller() caller: Caller, @Body() dto: RedactSessionDto): Promise<SessionRedactionReport> {
    return this.redactions.redactSession(caller, dto);
  }
}
