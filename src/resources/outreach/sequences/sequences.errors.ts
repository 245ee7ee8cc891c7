import { defineErrors } from '../../../core/errors/define-errors.js';

export const sequenceErrors = defineErrors({
  sequence_not_pending: {
    status: 409,
    message: 'The sequence is {status}: only a pending one can be changed or started.',
  },
  sequence_continuous: {
    status: 409,
    message: 'The sequence is continuous: it begins with the contacts that are added to it.',
  },
  sequence_not_continuous: { status: 409, message: 'Contacts are added to continuous sequences only.' },
  sequence_canceled: { status: 409, message: 'The sequence is canceled.' },
});
