import { defineErrors } from '../../../core/errors/define-errors.js';

export const whatsAppErrors = defineErrors({
  /** The same for an unknown number and one that another org or partner has. */
  whatsapp_number_not_assigned: {
    status: 403,
    message: 'WhatsApp number {id} is not assigned to this organization. Ask the partner or the operator to assign it.',
    log: 'info',
  },
  template_not_approved: { status: 409, message: 'The template is {status}. Only an approved template can be sent.' },
});
