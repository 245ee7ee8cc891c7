import { defineErrors } from '../../core/errors/define-errors.js';

export const whatsAppNumberErrors = defineErrors({
  whatsapp_number_not_yours: {
    status: 403,
    message: "WhatsApp number {id} is not this partner's to assign. The operator hands it to a partner.",
    log: 'info',
  },
  whatsapp_number_taken: {
    status: 409,
    message: 'WhatsApp number {id} is assigned already. It has to be released first.',
  },
});
