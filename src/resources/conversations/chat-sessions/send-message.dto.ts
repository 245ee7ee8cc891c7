import { applyDecorators } from '@nestjs/common';
import { ArrayMaxSize, IsArray, IsBoolean, IsIn, IsObject, IsString, IsUrl, Matches } from 'class-validator';
import { Clearable, Nested, NestedList, Optional, Text } from '../../../core/validation/decorators.js';
import { Base64, IsCustomData, IsE164, IsEmailAddress } from '../../../core/validation/field-types.js';
import { RequiresExactlyOneOf, RequiresValueOf } from '../../../core/validation/field-groups.js';
import { Name, OptionalName } from '../../../core/validation/name.js';
import { MaxLength } from '../../../core/validation/text-length.js';
import type { FormRules } from '../../../core/wire/form.js';
import { DOCX, MARKDOWN, PDF, TEXT } from '../../../kit/files/media-types.js';
import { IsSessionData, type SessionData } from './session-data.js';

export const SENDERS = ['contact', 'agent'] as const;
/** Of a message. */
export const ATTACHMENTS_MAX = 5;
const URL_CHARACTERS_MAX = 2_048;

@RequiresExactlyOneOf('url', 'base64')
export class NewAttachment {
  @Name(255)
  name: string;

  @Optional()
  @IsWebUrl()
  url?: string;

  /** The whole request is at most a mebibyte; a form takes larger files. */
  @Optional()
  @Base64()
  base64?: string;

  @Matches(/^[\w.+-]{1,100}\/[\w.+-]{1,100}$/, { message: '$property must be a media type' })
  mime_type: string;
}

class MessageContent {
  @IsIn(['text'])
  type: 'text';

  @Optional()
  @Text(0, 10_000)
  text?: string;

  @Optional()
  @NestedList(() => NewAttachment)
  @ArrayMaxSize(ATTACHMENTS_MAX)
  @IsArray()
  attachments?: NewAttachment[];
}

/** A text, attachments or both. */
@RequiresValueOf('text', 'attachments')
export class NewMessage extends MessageContent {}

/** What a contact says of themselves. */
export class MessageContact {
  @Clearable(OptionalName(200))
  name?: string | null;

  @Clearable(IsEmailAddress())
  email?: string | null;

  @Clearable(IsE164())
  phone_number?: string | null;

  @Clearable(IsWebUrl())
  avatar_url?: string | null;

  @Optional()
  @IsCustomData()
  custom_data?: Record<string, string>;
}

/** Who of the org writes. */
export class MessageAgent {
  @Optional()
  @Text(1, 100)
  id?: string;

  @Optional()
  @Name(200)
  name?: string;

  @Clearable(IsWebUrl())
  avatar_url?: string | null;
}

export class SendMessageDto {
  @IsIn(SENDERS)
  sender: (typeof SENDERS)[number];

  @Nested(() => NewMessage)
  @IsObject()
  message: NewMessage;

  @Optional()
  @Nested(() => MessageContact)
  @IsObject()
  contact?: MessageContact;

  /** Merged into the session's. */
  @Optional()
  @IsSessionData()
  custom_data?: SessionData;

  /** Only when an agent sends. */
  @Optional()
  @Nested(() => MessageAgent)
  @IsObject()
  agent?: MessageAgent;

  @Optional()
  @IsBoolean()
  should_take_over_session_from_ai: boolean = false;
}

/** The files of the form are attachments too, so a message needs nothing else. */
export class SendFilesDto extends SendMessageDto {
  @Nested(() => MessageContent)
  @IsObject()
  override message: MessageContent;
}

export const MESSAGE_WITH_FILES: FormRules<SendFilesDto> = {
  fileBytesMax: 10 * 1024 * 1024,
  filesMax: ATTACHMENTS_MAX,
  fileTypes: [PDF, 'image/png', 'image/jpeg', 'image/gif', 'image/webp', DOCX, TEXT, MARKDOWN],
  fields: SendFilesDto,
  json: ['message', 'contact', 'custom_data', 'agent', 'should_take_over_session_from_ai'],
};

function IsWebUrl(): PropertyDecorator {
  return applyDecorators(
    MaxLength(URL_CHARACTERS_MAX),
    IsUrl({ protocols: ['http', 'https'], require_protocol: true, require_tld: false }),
    IsString(),
  );
}
