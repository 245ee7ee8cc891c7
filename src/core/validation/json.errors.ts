import { defineErrors } from '../errors/define-errors.js';

export const jsonErrors = defineErrors({
  malformed_json: { status: 400, message: 'The body is not valid JSON.' },
  json_too_deep: { status: 400, message: 'The body is nested deeper than 32 levels.' },
  json_too_wide: { status: 400, message: 'The body has too many fields or values.' },
});
