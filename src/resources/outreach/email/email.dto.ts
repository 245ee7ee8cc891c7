import { ArrayMaxSize, ArrayMinSize, IsArray, IsBoolean, IsInt, Max, Min } from 'class-validator';
import { NestedList, Optional, Text } from '../../../core/validation/decorators.js';
import { Name } from '../../../core/validation/name.js';
import { IsDomainName, IsEmailAddress } from '../../../core/validation/field-types.js';
import { MayMerge } from '../../directory/contacts/contact-merge-fields.js';
import { About, Field } from '../../../core/wire/field.js';
import { INTEGER } from '../../../core/wire/schema.js';

const BODY_CHARACTERS_MAX = 200_000;
const SUBJECT_CHARACTERS_MAX = 255;
const SENDER_NAME_CHARACTERS_MAX = 100;
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
  @MayMerge()
  @IsMailBody()
  email_body?: string;

  @Optional()
  @MayMerge()
  @IsMailSubject()
  email_subject?: string;

  @Optional()
  @MayMerge()
  @IsSenderName()
  email_sender_name?: string;

  @About('Transactional mail is also sent to unsubscribed contacts.')
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
  @MayMerge()
  @IsMailSubject()
  fallback_email_subject?: string;

  @Optional()
  @MayMerge()
  @IsSenderName()
  fallback_email_sender_name?: string;

  @Optional()
  @MayMerge()
  @IsMailBody()
  fallback_email_body?: string;
}

export class QueuedEmails {
  @Field(INTEGER)
  queued: number;

  @About('Number of recipients that have unsubscribed.')
  @Field(INTEGER)
  skipped_unsubscribed: number;
}

export class PutDomainDto {
  @IsDomainName()
  domain_name: string;
}
