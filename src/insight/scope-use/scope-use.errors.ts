import { defineErrors } from '../../core/errors/define-errors.js';

export const scopeUseErrors = defineErrors({
  scope_in_use: {
    status: 409,
    message: 'The key used the scope "{scope}" at {at}. To remove it nevertheless, change the scopes of the key.',
  },
  nothing_to_restore: {
    status: 409,
    message: 'No scope of this key was removed in the last 24 hours, or the key has it again.',
  },
});
