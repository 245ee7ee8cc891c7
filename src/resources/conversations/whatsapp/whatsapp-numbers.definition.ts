import { defineCrud } from '../../../kit/crud/define-crud.js';
import { WhatsAppNumber } from '../../../tenancy/whatsapp-numbers/whatsapp-number.entity.js';
import { TEXT } from '../../../core/wire/schema.js';

export const numbersKit = defineCrud({
  path: 'whatsapp/phone-numbers',
  scope: 'whatsapp',
  entity: WhatsAppNumber,
  label: 'Phone number',
  offers: ['list'],
  computed: { id: { sql: 'whatsapp_numbers.phone_number_id', shape: TEXT } },
});
