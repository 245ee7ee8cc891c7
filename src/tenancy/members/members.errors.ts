import { defineErrors } from '../../core/errors/define-errors.js';

export const memberErrors = defineErrors({
  last_owner: { status: 409, message: 'An organization needs an Owner: this is its last one.' },
});
