import { defineErrors } from '../../core/errors/define-errors.js';

export const webhookErrors = defineErrors({
  webhook_endpoint_disabled: { status: 409, message: 'This webhook endpoint is disabled. Enable it first.' },
});
