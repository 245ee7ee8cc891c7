import { defineErrors } from '../../core/errors/define-errors.js';

export const whatsAppNumberErrors = defineErrors({
  whatsapp_number_not_yours: {
    status: 403,
    message: 'WhatsApp number {id} does not belong to this partner. Ask the operator to assign it to the partner.',
    log: 'info',
  },
  whatsapp_number_taken: {
    status: 409,
    message: 'WhatsApp number {id} is already assigned. Release it first.',
  },
});
