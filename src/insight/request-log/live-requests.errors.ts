import { defineErrors } from '../../core/errors/define-errors.js';

export const liveRequestsErrors = defineErrors({
  live_views_limit: {
    status: 429,
    message: 'The limit of {max} open live views of the request log is reached. Close one.',
    log: 'info',
  },
});
