import { defineExamples } from '../../core/wire/examples.js';
import { EXAMPLE_IDS as IDS, EXAMPLE_TOKENS as TOKENS } from '../../core/wire/example-ids.js';

export const loginLinkExamples = defineExamples({
  schemas: {
    CreateLoginLinkDto: {
      email: 'maya@harbourtours.example',
      name: 'Maya Okafor',
      role_ids: [IDS.ownerRole],
    },
    LoginLinkView: {
      url: `https://gatehouse.example/partner-login?token=${TOKENS.loginLink}`,
      expires_at: '2026-03-02T09:35:00.000Z',
    },
    UseLoginLinkDto: { token: TOKENS.loginLink },
  },
  operations: {
    'loginLinks.visit': {
      query: { token: TOKENS.otherLoginLink },
      response: '<!doctype html>\n<html lang="en"><head><title>Sign in</title></head><body>…</body></html>',
    },
  },
});
