import { defineExamples } from '../../core/wire/examples.js';
import { EXAMPLE_IDS as IDS } from '../../core/wire/example-ids.js';

/** Stands for the secret in the URL of a login link. */
const TOKEN = 'RXhhbXBsZSBvZiBhIGxvZ2luIGxpbms';

export const loginLinkExamples = defineExamples({
  schemas: {
    CreateLoginLinkDto: {
      email: 'maya@harbourtours.example',
      name: 'Maya Okafor',
      role_ids: [IDS.ownerRole],
    },
    LoginLinkView: {
      url: `https://gatehouse.example/partner-login?token=${TOKEN}`,
      expires_at: '2026-03-02T09:35:00.000Z',
    },
    UseLoginLinkDto: { token: TOKEN },
  },
  operations: {
    'loginLinks.visit': {
      query: { token: TOKEN },
      response: '<!doctype html>\n<html lang="en"><head><title>Sign in</title></head><body>…</body></html>',
    },
  },
});
