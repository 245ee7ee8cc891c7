import { defineErrors } from '../../core/errors/define-errors.js';

export const memberErrors = defineErrors({
  last_owner: { status: 409, message: 'An organization must have at least one Owner.' },
});
