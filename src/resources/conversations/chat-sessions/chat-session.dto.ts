import { ArrayMaxSize, ArrayMinSize, IsArray, IsBoolean, IsIn, IsObject } from 'class-validator';
import { ArrayUnique } from '../../../core/validation/array-unique.js';
import { check, Id, Nested, Nullable, Optional, Text } from '../../../core/validation/decorators.js';
import { RequiresMentionOf } from '../../../core/validation/field-groups.js';
import { IsEmailAddress } from '../../../core/validation/field-types.js';
import { Name } from '../../../core/validation/name.js';
import { About, partOf } from '../../../core/wire/field.js';
import { CHANNEL_FIELDS, HANDOFF_REASONS, type HandoffReason, ID_TYPES } from './chat-session-parts.js';
import { ChatSession, type ChatSessionStatus, STATUSES } from './chat-session.entity.js';
import { CHANNELS, type Channel } from './channels.js';
import { ANY_OBJECT } from '../../../core/wire/schema.js';

const CLOSED_PAYLOAD_CHARACTERS_MAX = 16_384;

class NewChannel {
  @IsIn(CHANNELS)
  type: Channel;

  @About(CHANNEL_FIELDS.address)
  @Optional()
  @IsEmailAddress()
  address?: string;

  @About(CHANNEL_FIELDS.subject)
  @Optional()
  @Name(255)
  subject?: string;

  @About(CHANNEL_FIELDS.phone_number_id)
  @Optional()
  @Text(1, 100)
  phone_number_id?: string;
}

export class CreateChatSessionDto {
  @Optional()
  @Id()
  contact_id?: string;

  @Optional()
  @Nested(() => NewChannel)
  @IsObject()
  channel?: NewChannel;

  /** Whether what the contact says of themselves is taken for true. */
  @Optional()
  @IsBoolean()
  verified: boolean = false;
}

export class CreatedChatSession extends partOf(ChatSession, 'id') {}

class SetTicketingSystem {
  @Name(100)
  name: string;

  @Text(1, 200)
  external_id: string;

  @IsIn(ID_TYPES)
  id_type: string;
}

export class UpdateChatSessionDto {
  @Optional()
  @IsIn(STATUSES)
  status?: ChatSessionStatus;

  @About(
    'When this closes the session, the language model writes a summary into the history, as a note, and sets sentiment. ' +
      'Without a language model nothing happens.',
  )
  @Optional()
  @IsBoolean()
  generate_summary_and_sentiment_on_resolve?: boolean;

  @About('Where else the conversation is kept.', { storedOnly: 'Programs that copy sessions to it set and read it.' })
  @Optional()
  @Nullable()
  @Nested(() => SetTicketingSystem)
  @IsObject()
  ticketing_system?: SetTicketingSystem | null;

  /** Kept in the history, with the closing. */
  @Optional()
  @check(
    'closedPayload',
    (value) =>
      typeof value === 'object' &&
      value !== null &&
      !Array.isArray(value) &&
      JSON.stringify(value).length <= CLOSED_PAYLOAD_CHARACTERS_MAX,
    `must be an object of at most ${CLOSED_PAYLOAD_CHARACTERS_MAX} characters`,
    { schema: ANY_OBJECT },
  )
  session_closed_payload?: object;
}

@RequiresMentionOf('user_id', 'team_id')
export class AssignSessionDto {
  @Optional()
  @Nullable()
  @Id()
  user_id?: string | null;

  @Optional()
  @Nullable()
  @Id()
  team_id?: string | null;
}

export class HandOffSessionDto {
  @IsIn(HANDOFF_REASONS, { each: true })
  @ArrayUnique()
  @ArrayMaxSize(HANDOFF_REASONS.length)
  @ArrayMinSize(1)
  @IsArray()
  reasons: HandoffReason[];

  @Optional()
  @Nullable()
  @Text(0, 1_000)
  summary: string | null = null;

  @Optional()
  @Nullable()
  @Text(0, 2_000)
  explanation: string | null = null;
}
