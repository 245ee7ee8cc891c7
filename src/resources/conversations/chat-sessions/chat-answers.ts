import { Field } from '../../../core/wire/field.js';
import {
  ANY_OBJECT,
  BOOLEAN,
  INSTANT,
  type Schema,
  listOf,
  nullable,
  oneOf,
  TEXT,
  URI,
  UUID,
} from '../../../core/wire/schema.js';
import { MAIL_STATUSES } from '../../../kit/mailer/mail-message.entity.js';
import { CHAT_EVENT_TYPES, type ChatEventType } from './chat-event.entity.js';
import { SENDERS } from './send-message.dto.js';

class SentMessageId {
  @Field(UUID)
  id: string;
}

class SentMessage {
  @Field()
  message: SentMessageId;
}

/** To an agent. */
export class AgentMessageSent {
  @Field()
  success: boolean;

  @Field()
  data: SentMessage;
}

/** Why no answer of an AI came back. */
export const SEND_CODES = [
  'session_assigned_to_human_agent',
  'response_cancelled',
  'skipping_unuseful_response',
] as const;
export type SendCode = (typeof SEND_CODES)[number];

export interface AutopilotResponse {
  readonly type: 'text';
  readonly value: { readonly error: string | null; readonly content: string | null };
  /** Of the message in the history. */
  readonly id?: string;
}
const AUTOPILOT_RESPONSE: Schema = {
  type: 'object',
  required: ['type', 'value'],
  properties: {
    type: oneOf(['text']),
    value: {
      type: 'object',
      required: ['error', 'content'],
      properties: { error: nullable(TEXT), content: nullable(TEXT) },
    },
    id: UUID,
  },
};

export interface ContactData {
  readonly success: boolean;
  readonly code?: SendCode;
  readonly autopilot_response?: AutopilotResponse;
  readonly session_is_handed_off: boolean;
}
const CONTACT_DATA: Schema = {
  type: 'object',
  required: ['success', 'session_is_handed_off'],
  properties: {
    success: BOOLEAN,
    code: {
      ...oneOf(SEND_CODES),
      description:
        'Why no AI answers: people own the session, the sender is blocked or the topic left alone, or nothing useful is known.',
    },
    autopilot_response: AUTOPILOT_RESPONSE,
    session_is_handed_off: BOOLEAN,
  },
};

/** To a contact. Without a language model there is no `autopilot_response`. */
export class ContactMessageSent {
  @Field()
  success: boolean;

  @Field(CONTACT_DATA)
  data: ContactData;
}

const ATTACHMENT: Schema = {
  type: 'object',
  required: ['id', 'name', 'mime_type', 'url'],
  properties: {
    id: UUID,
    name: TEXT,
    mime_type: TEXT,
    url: {
      ...URI,
      description:
        'Where it is. For what was sent as base64 or as a file, a link that works for 15 minutes without a key.',
    },
  },
};
const CONTENT: Schema = {
  type: 'object',
  required: ['type', 'text'],
  properties: { type: oneOf(['text']), text: TEXT },
};
const SENDER: Schema = {
  type: 'object',
  required: ['type'],
  properties: { type: oneOf([...SENDERS, 'autopilot']), id: TEXT, name: TEXT, avatar_url: URI },
};
const DELIVERY: Schema = {
  type: 'object',
  required: ['status'],
  properties: { status: oneOf(MAIL_STATUSES), reason: { ...TEXT, description: 'Why it was not sent.' } },
  description: 'How a message to the contact was sent by e-mail or WhatsApp, for as long as the outcome is kept.',
};
const EVENT: Schema = {
  type: 'object',
  required: ['type'],
  properties: {
    type: oneOf(CHAT_EVENT_TYPES),
    sender: SENDER,
    content: CONTENT,
    attachments: listOf(ATTACHMENT),
    delivery: DELIVERY,
    context: ANY_OBJECT,
  },
};

export class HistoryEntry {
  @Field(UUID)
  id: string;

  @Field(INSTANT)
  created_at: Date;

  @Field(EVENT)
  event: { type: ChatEventType };
}
