import { CREATED_AND_UPDATED } from '../../../kit/lists/date-range.js';
import { equals, equalsId, isAnyOf } from '../../../kit/lists/filters.js';
import { IsEmailAddress } from '../../../core/validation/field-types.js';
import { TEXT } from '../../../core/wire/schema.js';
import { defineCrud } from '../../../kit/crud/define-crud.js';
import { MAIL_STATUSES, MailMessage } from '../../../kit/mailer/mail-message.entity.js';
import { MESSAGE_ID_SQL } from '../../../kit/mailer/mail.service.js';

export const messagesKit = defineCrud({
  path: 'email/messages',
  scope: 'email',
  entity: MailMessage,
  label: 'E-mail',
  offers: ['list', 'read'],
  where: 'NOT is_from_server',
  computed: { message_id: { sql: `SELECT ${MESSAGE_ID_SQL}`, shape: TEXT } },
  filters: {
    ...CREATED_AND_UPDATED,
    status: isAnyOf('status', MAIL_STATUSES),
    to_email: equals('to_email', IsEmailAddress()),
    batch_id: equalsId('batch_id'),
  },
});
