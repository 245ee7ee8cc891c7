import { Body, Controller, Post } from '@nestjs/common';
import { RequireScope } from '../../../access/decorators/require-scope.js';
import { type Caller, CurrentCaller } from '../../../kit/audit/actor.js';
import { Answers } from '../../../core/wire/answers.js';
import { RedactionReport, RedactMessageDto, RedactSessionDto, SessionRedactionReport } from './redaction.dto.js';
import { Redactions } from './redactions.service.js';

const REDACTS = {
  message:
    'Replaces its text by a placeholder, deletes its attachments, and forgets who sent it. Its time and the type of its ' +
    'sender stay.',
  session:
    'Redacts all messages, clears `custom_data`, what the contact claimed without verification (`non_verified_…`), and the ' +
    'texts about the session: the handoff, the closing payload, the comment of the score, the insight. The contact, tags, ' +
    'status, assignment and times stay.',
};

@Controller('redaction')
export class RedactionController {
  constructor(private readonly redactions: Redactions) {}

  @Post('message')
  @RequireScope('redaction', 'write')
  @Answers(200, RedactionReport, 'Redact a message permanently', {
    refusals: [404],
    description: REDACTS.message,
  })
  redactMessage(@CurrentCaller() caller: Caller, @Body() dto: RedactMessageDto): Promise<RedactionReport> {
    return this.redactions.redactMessage(caller, dto);
  }

  @Post('session')
  @RequireScope('redaction', 'write')
  @Answers(200, SessionRedactionReport, 'Redact a session permanently', {
    refusals: [404],
    description: REDACTS.session,
  })
  redactSession(@CurrentCaller() caller: Caller, @Body() dto: RedactSessionDto): Promise<SessionRedactionReport> {
    return this.redactions.redactSession(caller, dto);
  }
}
