import { defineErrors } from '../../../core/errors/define-errors.js';

export const sipErrors = defineErrors({
  inbound_number_taken: { status: 409, message: 'Another organization receives the calls to {numbers}.' },
  inbound_trunk_exists: { status: 409, message: 'The organization already has an inbound trunk.' },
});
