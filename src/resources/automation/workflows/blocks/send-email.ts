import { Injectable } from '@nestjs/common';
import { IsBoolean } from 'class-validator';
import { Optional } from '../../../../core/validation/decorators.js';
import { IsEmailAddress } from '../../../../core/validation/field-types.js';
import { IsMailBody, IsMailSubject, IsSenderName } from '../../../outreach/email/email.dto.js';
import { Emails } from '../../../outreach/email/emails.service.js';
import type { BlockExecutor, Step } from './block-executor.js';

class SendEmailInput {
  @IsEmailAddress()
  from_email: string;

  @IsEmailAddress()
  to_email: string;

  @IsMailSubject()
  email_subject: string;

  @IsSenderName()
  email_sender_name: string;

  @IsMailBody()
  email_body: string;

  @Optional()
  @IsBoolean()
  email_is_transactional: boolean = false;
}

/**
 * Result: `{queued, skipped_unsubscribed}`, as for `POST /email`. The mail and its Message-ID are stored in the
 * transaction of the step, so a retry sends no second mail.
 */
@Injectable()
export class SendEmail implements BlockExecutor<SendEmailInput> {
  readonly scopes = ['email:write'] as const;
  readonly input = SendEmailInput;
  readonly needsSession = false;
  readonly effect = 'transaction';
  readonly htmlFields = ['email_body'];

  constructor(private readonly emails: Emails) {}

  run({ orgId, input: { from_email, ...recipient } }: Step<SendEmailInput>): Promise<object> {
    return this.emails.send({ orgId }, { from_email, recipients: [recipient] });
  }
}
