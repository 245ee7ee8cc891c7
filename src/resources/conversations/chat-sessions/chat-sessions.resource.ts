import { defineResource } from '../../../kit/crud/define-resource.js';
import { CHAT_REDACTION } from './chat-redaction.js';
import { ChannelDelivery } from './channel-delivery.service.js';
import { Attachments } from './attachments.service.js';
import { AwaitedPersons } from './awaited-persons.service.js';
import { ChatAttachment } from './chat-attachment.entity.js';
import { ChatEvent } from './chat-event.entity.js';
import { ChatHistory } from './chat-history.service.js';
import { ChatMessages } from './chat-messages.service.js';
import { ChatSessionTag } from './chat-session-tag.entity.js';
import { ChatSessionsController } from './chat-sessions.controller.js';
import { kit } from './chat-sessions.definition.js';
import { ChatSessions } from './chat-sessions.service.js';
import { Handoff } from './handoff.entity.js';
import { Handoffs } from './handoffs.service.js';
import { HistoryController } from './history.controller.js';
import { MessageStore } from './message-store.service.js';
import { OutgoingMessages } from './outgoing-messages.service.js';
import { SessionContacts } from './session-contacts.service.js';
import { SessionTags } from './session-tags.service.js';
import { TicketCounter } from './ticket-counter.entity.js';

export const chatSessions = defineResource({
  ...kit.definition,
  service: ChatSessions,
  controller: ChatSessionsController,
  entities: [ChatSessionTag, ChatEvent, ChatAttachment, Handoff, TicketCounter],
  controllers: [HistoryController],
  providers: [
    ChatHistory,
    ChatMessages,
    MessageStore,
    OutgoingMessages,
    ChannelDelivery,
    SessionContacts,
    SessionTags,
    Handoffs,
    Attachments,
    AwaitedPersons,
  ],
  redaction: CHAT_REDACTION,
});
