import { IsIn } from 'class-validator';
import { CREATED_AND_UPDATED } from '../../../kit/lists/date-range.js';
import { equals, isTrue } from '../../../kit/lists/filters.js';
import { defineCrud } from '../../../kit/crud/define-crud.js';
import { ChatSession, STATUSES } from './chat-session.entity.js';
import { CHAT_SESSION_FIELDS } from './chat-session-fields.js';
import { CHANNELS } from './channels.js';

export const kit = defineCrud({
  path: 'chat/sessions',
  scope: 'chat-sessions',
  entity: ChatSession,
  label: 'Chat session',
  offers: ['list', 'read'],
  computed: CHAT_SESSION_FIELDS,
  filters: {
    ...CREATED_AND_UPDATED,
    handed_off: isTrue('is_handed_off'),
    status: equals('status', IsIn(STATUSES)),
    channel_type: equals('channel_type', IsIn(CHANNELS)),
  },
  references: { chat_sessions_contact_fk: 'Contact', chat_sessions_assignee_fk: 'User' },
});
