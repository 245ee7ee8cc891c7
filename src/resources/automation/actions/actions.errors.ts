import { defineErrors } from '../../../core/errors/define-errors.js';

export const actionErrors = defineErrors({
  failed_to_parse_spec: { status: 400, message: '{message}' },
  invalid_tool_schema: { status: 400, message: '{message}' },
  cannot_determine_api_endpoint: { status: 400, message: '{message}' },
  imports_busy: { status: 503, message: 'Too many documents are being imported. Try again shortly.', log: 'warn' },
});

/** Why an OpenAPI document is not imported. */
export type ImportErrorCode = 'failed_to_parse_spec' | 'invalid_tool_schema' | 'cannot_determine_api_endpoint';
