import { defineErrors } from '../../core/errors/define-errors.js';

export const idempotencyErrors = defineErrors({
  idempotency_in_progress: {
    status: 409,
    message: 'A request with this Idempotency-Key is still in progress. Try again shortly.',
  },
  idempotency_key_reused: {
    status: 422,
    message: 'This Idempotency-Key was already used with another body. Use a new key.',
  },
});
