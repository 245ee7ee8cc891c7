import { defineErrors } from '../../core/errors/define-errors.js';

export const leakErrors = defineErrors({
  report_unsigned: {
    status: 400,
    message: 'The headers Github-Public-Key-Identifier and Github-Public-Key-Signature are required.',
  },
  report_signature_wrong: {
    status: 403,
    message: 'The signature is not one of GitHub over this body.',
    log: 'info',
  },
  github_keys_unavailable: {
    status: 503,
    message: 'The public keys of GitHub could not be read. Try again in a minute.',
    log: 'warn',
  },
});
