import { defineErrors } from '../../../core/errors/define-errors.js';

export const sequenceErrors = defineErrors({
  sequence_not_pending: {
    status: 409,
    message: 'The sequence is {status}. Only a pending sequence can be changed or started.',
  },
  sequence_continuous: {
    status: 409,
    message: 'A continuous sequence cannot be started. It starts for each contact that is added.',
  },
  sequence_not_continuous: { status: 409, message: 'Contacts can be added to continuous sequences only.' },
  sequence_step_unavailable: {
    status: 409,
    message: '{step} makes phone calls. This server places none: remove the step before the sequence starts.',
  },
  sequence_sender_unverified: {
    status: 409,
    message: '{step} sends from {domain}, which is not verified. Verify it first: PATCH /email/domains/{domain}.',
  },
  sequence_canceled: { status: 409, message: 'The sequence is canceled.' },
});
