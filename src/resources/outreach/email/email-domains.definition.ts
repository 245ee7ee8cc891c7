import { MailDomain } from '../../../kit/mailer/mail-domain.entity.js';
import { defineCrud } from '../../../kit/crud/define-crud.js';

export const kit = defineCrud({
  path: 'email/domains',
  scope: 'email',
  entity: MailDomain,
  label: 'Domain',
  offers: ['list'],
});
