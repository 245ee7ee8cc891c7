import type { Resource } from '../../../kit/crud/define-resource.js';
import { WHATSAPP_REDACTION } from './whatsapp-redaction.js';
import { WhatsAppNumber } from '../../../tenancy/whatsapp-numbers/whatsapp-number.entity.js';
import { TemplateMessages } from './template-messages.service.js';
import { TemplateStatuses } from './template-statuses.service.js';
import { WhatsAppMessage } from './whatsapp-message.entity.js';
import { WhatsAppNumbers } from './whatsapp-numbers.service.js';
import { WhatsAppQueue } from './whatsapp-queue.service.js';
import { WhatsAppReplies } from './whatsapp-replies.service.js';
import { WhatsAppSender } from './whatsapp-sender.js';
import { WhatsAppTemplate } from './whatsapp-template.entity.js';
import { WhatsAppTemplates } from './whatsapp-templates.service.js';
import { WhatsAppMessages } from './whatsapp-messages.service.js';
import {
  WhatsAppController,
  WhatsAppMessagesController,
  WhatsAppNumbersController,
  WhatsAppTemplatesController,
} from './whatsapp.controller.js';

export const whatsapp: Resource = {
  entities: [WhatsAppNumber, WhatsAppTemplate, WhatsAppMessage],
  controllers: [WhatsAppNumbersController, WhatsAppTemplatesController, WhatsAppMessagesController, WhatsAppController],
  providers: [
    WhatsAppNumbers,
    WhatsAppTemplates,
    WhatsAppMessages,
    TemplateMessages,
    TemplateStatuses,
    WhatsAppReplies,
    WhatsAppQueue,
    WhatsAppSender,
  ],
  retention: [{ table: 'whatsapp_messages', isOver: `ended_at < now() - interval '30 days'` }],
  redaction: WHATSAPP_REDACTION,
};
