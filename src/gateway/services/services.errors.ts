import { defineErrors } from '../../core/errors/define-errors.js';

export const serviceErrors = defineErrors({
  resource_taken: {
    status: 409,
    message: 'Resource "{resource}" belongs to {owner}. Resource names are unique: choose another one.',
  },
  scopes_in_use: {
    status: 409,
    message:
      'Active keys hold scopes that would go: {scopes}. Take the scopes from these keys, or revoke the keys, first.',
  },
});
