import { defineExamples } from '../../../core/wire/examples.js';
import { EXAMPLE_IDS as IDS } from '../../../core/wire/example-ids.js';

const REASON = 'The guest sent a card number.';

export const redactionExamples = defineExamples({
  schemas: {
    RedactMessageDto: { message_id: IDS.contactMessage, reason: REASON },
    RedactSessionDto: { session_id: IDS.chatSession, reason: REASON },
    RedactionReport: {
      success: true,
      message: 'The message is redacted.',
      item_id: IDS.contactMessage,
      redaction_type: 'message',
      affected_count: 1,
    },
    SessionRedactionReport: {
      success: true,
      message: 'The session is redacted.',
      item_id: IDS.chatSession,
      redaction_type: 'session',
      affected_count: 6,
      messages_redacted: 5,
    },
    Redaction: {
      id: IDS.redaction,
      item_id: IDS.contactMessage,
      redaction_type: 'message',
      reason: REASON,
      affected_count: 1,
    },
    RedactionActor: { id: IDS.apiKey, type: 'api_key', name: 'Booking website' },
  },
  operations: { 'redactionLogs.list': { query: { session_id: IDS.chatSession } } },
});
