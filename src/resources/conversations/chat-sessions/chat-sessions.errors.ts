import { defineErrors } from '../../../core/errors/define-errors.js';

export const chatSessionErrors = defineErrors({
  already_handed_off: { status: 409, message: 'The session is already handed off.' },
  team_without_sessions: {
    status: 409,
    message: 'The team does not receive sessions: is_support_enabled is false.',
  },
});
