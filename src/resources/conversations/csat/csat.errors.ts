import { defineErrors } from '../../../core/errors/define-errors.js';

export const csatErrors = defineErrors({
  session_open: { status: 409, message: 'The session is still open. Only a closed session can be scored.' },
});
