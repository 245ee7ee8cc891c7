import { defineErrors } from '../errors/define-errors.js';

export const bodyBudgetErrors = defineErrors({
  bodies_in_flight: {
    status: 429,
    message: 'Too many of your request bodies are still arriving. Send fewer at once.',
    log: 'info',
  },
  bodies_in_flight_in_all: {
    status: 503,
    message: 'Too many request bodies are still arriving. Try again shortly.',
    log: 'warn',
  },
});
