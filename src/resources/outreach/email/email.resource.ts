import type { Resource } from '../../../kit/crud/define-resource.js';
import { EmailDomains } from './email-domains.service.js';
import { EmailMessages } from './email-messages.service.js';
import { EmailController, EmailDomainsController, EmailMessagesController } from './email.controller.js';
import { Emails } from './emails.service.js';

/** Has no entities, because `kit/mailer` owns the tables. */
export const email: Resource = {
  entities: [],
  controllers: [EmailController, EmailMessagesController, EmailDomainsController],
  providers: [Emails, EmailMessages, EmailDomains],
};
