import { expect, it } from 'vitest';
import { unusedFields } from './support/document-fields.js';

/** Fields whose names code composes: `${metric}_seconds` and `fallback_${field}`. */
const COMPOSED: readonly string[] = [
  'resources/conversations/sla-policies: first_reply_seconds',
  'resources/conversations/sla-policies: resolution_seconds',
  'resources/outreach/email: fallback_email_body',
  'resources/outreach/email: fallback_email_sender_name',
  'resources/outreach/email: fallback_email_subject',
];

it('every field of the document is read or written by code, or is marked x-stored-only', () => {
  expect(unusedFields()).toEqual(COMPOSED);
});
