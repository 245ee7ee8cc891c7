import { Field } from '../../wire/field.js';
import { BOOLEAN, INSTANT, type Schema, listOf, oneOf, TEXT, URI, UUID } from '../../wire/schema.js';
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
export const SEND_CODES = ['session_assigned_to_human_agent', 'response_cancelled'] as const;
export type SendCode = (typeof SEND_CODES)[number];

const CONTACT_DATA: Schema = {
  type: 'object',
  required: ['success', 'session_is_handed_off'],
  properties: {
    success: BOOLEAN,
    code: { ...oneOf(SEND_CODES), description: 'Why no AI answers: people own the session, or the sender is blocked.' },
    session_is_handed_off: BOOLEAN,
  },
};

/** To a contact. Without a language model there is no `autopilot_response`. */
export class ContactMessageSent {
  @Field()
  success: boolean;

  @Field(CONTACT_DATA)
  data: { success: boolean; code?: SendCode; session_is_handed_off: boolean };
}

const ATTACHMENT: Schema = {
  type: 'object',
  required: ['id', 'name', 'mime_type', 'url'],
  properties: {
    id: UUID,
    name: TEXT,
    mime_type: TEXT,
    url: { ...URI, description: 'Where it is; what was sent as base64 is read there with a key.' },
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
  properties: { type: oneOf(SENDERS), id: TEXT, name: TEXT, avatar_url: URI },
};
const EVENT: Schema = {
  type: 'object',
  required: ['type'],
  properties: {
    type: oneOf(CHAT_EVENT_TYPES),
    sender: SENDER,
    content: CONTENT,
    attachments: listOf(ATTACHMENT),
    context: { type: 'object' },
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
