import { IsIn } from 'class-validator';
import { CREATED_AND_UPDATED } from '../../../kit/lists/date-range.js';
import { equals, equalsId, type Filter, isTrue } from '../../../kit/lists/filters.js';
import { defineCrud } from '../../../kit/crud/define-crud.js';
import { ChatSession, STATUSES } from './chat-session.entity.js';
import { CHAT_SESSION_FIELDS } from './chat-session-fields.js';
import { CHANNELS } from './channels.js';
import { IsTagName } from '../../directory/tags/tag.dto.js';

const HAS_TAG: Filter = {
  rules: [IsTagName()],
  condition: (parameter, org) => `id IN (
    SELECT session_id FROM chat_session_tags JOIN tags ON tags.org_id = ${org} AND tags.id = tag_id
    WHERE chat_session_tags.org_id = ${org} AND tag_name = ${parameter})`,
  isSlow: true,
};

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
    contact_id: equalsId('contact_id'),
    assignee_id: equalsId('assignee_id'),
    team_id: equalsId('team_id'),
    tag: HAS_TAG,
  },
  references: { chat_sessions_contact_fk: 'Contact', chat_sessions_assignee_fk: 'User' },
});
