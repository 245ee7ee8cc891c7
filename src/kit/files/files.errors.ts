import { defineErrors } from '../../core/errors/define-errors.js';

export const fileErrors = defineErrors({
  malformed_form: { status: 400, message: 'The body is not a valid multipart form.' },
  storage_full: { status: 409, message: 'The limit of {max} MB of stored files is reached.' },
  file_too_large: { status: 413, message: 'The file is larger than {max}.' },
  form_required: { status: 415, message: 'Content-Type must be multipart/form-data.' },
  file_type_not_allowed: { status: 415, message: 'The file must be {types}.' },
  text_not_utf8: { status: 415, message: 'The text file is not UTF-8. Save it as UTF-8.' },
  storage_unavailable: {
    status: 503,
    message: 'Files cannot be stored or read at the moment. Try again shortly.',
    log: 'error',
  },
});
