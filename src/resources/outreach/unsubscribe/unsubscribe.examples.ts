import { EXAMPLE_TOKENS as TOKENS } from '../../../core/wire/example-ids.js';
import { defineExamples } from '../../../core/wire/examples.js';

const LINK = { signature: TOKENS.unsubscribeSignature, expires: TOKENS.unsubscribeExpires };
const page = (title: string) =>
  `<!doctype html>\n<html lang="en"><head><title>${title}</title></head><body>…</body></html>`;

export const unsubscribeExamples = defineExamples({
  paths: { '/unsubscribe/{token}': TOKENS.unsubscribe },
  operations: {
    'unsubscribe.show': { query: LINK, response: page('Unsubscribe?') },
    'unsubscribe.confirm': { query: LINK, response: page('You are unsubscribed') },
  },
});
