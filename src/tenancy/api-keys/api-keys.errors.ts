import { defineErrors } from '../../core/errors/define-errors.js';

export const apiKeyErrors = defineErrors({
  key_inactive: { status: 409, message: 'This API key is {state} and cannot be changed.' },
});
