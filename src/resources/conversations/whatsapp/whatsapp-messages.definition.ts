import { CREATED_AND_UPDATED } from '../../../kit/lists/date-range.js';
import { IsString } from 'class-validator';
import { equals, IsId, isAnyOf } from '../../../kit/lists/filters.js';
import { nullable, UUID } from '../../../core/wire/schema.js';
import { defineCrud } from '../../../kit/crud/define-crud.js';
import { WHATSAPP_STATUSES, WhatsAppMessage } from './whatsapp-message.entity.js';

const SESSION = `FROM chat_events JOIN chat_sessions sessions
  ON sessions.org_id = chat_events.org_id AND sessions.id = chat_events.session_id
  WHERE chat_events.org_id = whatsapp_messages.org_id AND chat_events.id = whatsapp_messages.event_id`;

export const messagesKit = defineCrud({
  path: 'whatsapp/messages',
  scope: 'whatsapp',
  entity: WhatsAppMessage,
  label: 'WhatsApp message',
  offers: ['list', 'read'],
  computed: {
    session_id: { sql: `SELECT sessions.id ${SESSION}`, shape: UUID },
    contact_id: { sql: `SELECT sessions.contact_id ${SESSION}`, shape: nullable(UUID) },
  },
  filters: {
    ...CREATED_AND_UPDATED,
    status: isAnyOf('status', WHATSAPP_STATUSES),
    phone_number_id: { ...equals('phone_number_id', IsString()), isSlow: true },
    contact_id: {
      rules: [IsId()],
      condition: (contact) => `EXISTS (SELECT ${SESSION} AND sessions.contact_id = ${contact}::uuid)`,
      isSlow: true,
    },
  },
});
