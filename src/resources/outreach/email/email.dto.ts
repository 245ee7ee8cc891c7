import { ArrayMaxSize, ArrayMinSize, IsArray, IsBoolean, IsInt, Matches, Max, Min } from 'class-validator';
import { NestedList, Optional, Text } from '../../../core/validation/decorators.js';
import { Name } from '../../../core/validation/name.js';
import { RequiresExactlyOneOf } from '../../../core/validation/field-groups.js';
import { IsDomainName, IsEmailAddress } from '../../../core/validation/field-types.js';
import { UNSUBSCRIBE_URL } from '../../../kit/mailer/unsubscribe-links.js';
import { MayMerge } from '../../directory/contacts/contact-merge-fields.js';
import { About, Field } from '../../../core/wire/field.js';
import { INTEGER, UUID } from '../../../core/wire/schema.js';

const BODY_CHARACTERS_MAX = 200_000;
const REPORT_CHARACTERS_MAX = 200_000;
const SUBJECT_CHARACTERS_MAX = 255;
const SENDER_NAME_CHARACTERS_MAX = 100;
/** RFC 5322, section 3.6.4, without comments and quotes. */
const MESSAGE_ID = /^<[!-;=?A-~]{1,120}@[!-;=?A-~]{1,120}>$/;
/** One year. */
export const DELAY_MINUTES_MAX = 525_600;

export function IsMailBody(): PropertyDecorator {
  return Text(1, BODY_CHARACTERS_MAX);
}

/** One line: a line break would inject another header. */
export function IsMailSubject(): PropertyDecorator {
  return Name(SUBJECT_CHARACTERS_MAX);
}

export function IsSenderName(): PropertyDecorator {
  return Name(SENDER_NAME_CHARACTERS_MAX);
}

export class RecipientDto {
  @IsEmailAddress()
  to_email: string;

  @About('HTML. The plain text part is generated from it.')
  @Optional()
  @MayMerge(UNSUBSCRIBE_URL)
  @IsMailBody()
  email_body?: string;

  @Optional()
  @MayMerge(UNSUBSCRIBE_URL)
  @IsMailSubject()
  email_subject?: string;

  @Optional()
  @MayMerge(UNSUBSCRIBE_URL)
  @IsSenderName()
  email_sender_name?: string;

  @About('The Message-ID of the mail that this one answers, with its brackets.')
  @Optional()
  @Matches(MESSAGE_ID, { message: '$property must be a Message-ID, such as <id@acme.example>' })
  email_in_reply_to?: string;

  @About('Transactional mail is also sent to unsubscribed contacts, and has no link to unsubscribe.')
  @Optional()
  @IsBoolean()
  email_is_transactional: boolean = false;
}

export class SendEmailDto {
  @About('The domain must be verified.')
  @IsEmailAddress()
  from_email: string;

  @NestedList(() => RecipientDto)
  @ArrayMaxSize(500)
  @ArrayMinSize(1)
  @IsArray()
  recipients: RecipientDto[];

  @Optional()
  @Max(DELAY_MINUTES_MAX)
  @Min(1)
  @IsInt()
  delay_in_minutes?: number;

  @Optional()
  @MayMerge(UNSUBSCRIBE_URL)
  @IsMailSubject()
  fallback_email_subject?: string;

  @Optional()
  @MayMerge(UNSUBSCRIBE_URL)
  @IsSenderName()
  fallback_email_sender_name?: string;

  @Optional()
  @MayMerge(UNSUBSCRIBE_URL)
  @IsMailBody()
  fallback_email_body?: string;
}

export class QueuedEmails {
  @About('Of these messages: see GET /email/messages.')
  @Field(UUID)
  batch_id: string;

  @Field(INTEGER)
  queued: number;

  @About('Number of recipients that have unsubscribed.')
  @Field(INTEGER)
  skipped_unsubscribed: number;
}

@RequiresExactlyOneOf('message_id', 'report')
export class ReportBounceDto {
  @About('The Message-ID of the mail that came back, with its brackets.')
  @Optional()
  @Matches(MESSAGE_ID, { message: '$property must be a Message-ID, such as <id@acme.example>' })
  message_id?: string;

  @About('With `message_id`: what the mail server said.')
  @Optional()
  @Name(500)
  reason?: string;

  @About(
    'The delivery status notification (RFC 3464) as it was received. What follows the returned headers can be cut.',
  )
  @Optional()
  @Text(1, REPORT_CHARACTERS_MAX)
  report?: string;
}

export class PutDomainDto {
  @IsDomainName()
  domain_name: string;
}
