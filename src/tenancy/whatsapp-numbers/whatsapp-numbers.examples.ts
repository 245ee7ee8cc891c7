import { defineExamples } from '../../core/wire/examples.js';

const NUMBER = { id: '106540352242922', display_phone_number: '+49 40 123456', verified_name: 'Harbour Tours' };

export const whatsAppNumberExamples = defineExamples({
  schemas: { SaveWhatsAppNumberDto: NUMBER, AssignedNumber: { ...NUMBER, status: 'connected' } },
  paths: { '/partner/v1/orgs/{orgId}/whatsapp-numbers/{numberId}': NUMBER.id },
});
