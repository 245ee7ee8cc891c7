import { defineExamples } from '../../../core/wire/examples.js';
import { EXAMPLE_IDS as IDS } from '../../../core/wire/example-ids.js';

/** Ids of numbers come from WhatsApp. */
export const EXAMPLE_NUMBER = {
  id: '106540352242922',
  display_phone_number: '+49 40 123456',
  verified_name: 'Harbour Tours',
};
const TEMPLATE = { name: 'cruise_reminder', language: 'en_US', category: 'UTILITY' };

export const whatsAppExamples = defineExamples({
  schemas: {
    WhatsAppNumber: { ...EXAMPLE_NUMBER, status: 'connected' },
    PutTemplateDto: {
      ...TEMPLATE,
      components: [{ type: 'BODY', text: 'Hello {{1}}, your cruise leaves at {{2}}.' }],
    },
    WhatsAppTemplate: { id: IDS.whatsAppTemplate, ...TEMPLATE, variables_count: 2, status: 'approved' },
    SendTemplateDto: {
      template_id: IDS.whatsAppTemplate,
      phone_number_id: EXAMPLE_NUMBER.id,
      variables: ['Lena', '18:30'],
      contact: { phone_number: '+4940123456' },
    },
    SentTemplate: {
      whatsapp_message_id: IDS.whatsAppMessage,
      message_id: IDS.whatsAppEvent,
      session_id: IDS.whatsAppSession,
    },
    WhatsAppMessage: {
      id: IDS.whatsAppMessage,
      event_id: IDS.whatsAppEvent,
      session_id: IDS.whatsAppSession,
      contact_id: IDS.contact,
      phone_number_id: EXAMPLE_NUMBER.id,
      status: 'sent',
      sent_as: 'wamid.HBgNNDk0MDEyMzQ1NhUCABEYEjc0',
      reason: null,
      ended_at: '2026-03-02T09:30:02.310Z',
    },
  },
  paths: { '/whatsapp/messages/{id}': IDS.whatsAppMessage },
  operations: {
    'whatsAppMessages.list': { query: { phone_number_id: EXAMPLE_NUMBER.id } },
    'whatsAppTemplates.list': { query: { status: 'approved' } },
  },
});
