import { defineExamples } from '../../../core/wire/examples.js';

const LINK = { signature: 'c2lnbmF0dXJlIG9mIHRoZSBsaW5r' };
const page = (title: string) =>
  `<!doctype html>\n<html lang="en"><head><title>${title}</title></head><body>…</body></html>`;

export const unsubscribeExamples = defineExamples({
  paths: { '/unsubscribe/{token}': 'bGVuYS5maXNjaGVyQGV4YW1wbGUuY29t' },
  operations: {
    'unsubscribe.show': { query: LINK, response: page('Unsubscribe?') },
    'unsubscribe.confirm': { query: LINK, response: page('You are unsubscribed') },
  },
});
