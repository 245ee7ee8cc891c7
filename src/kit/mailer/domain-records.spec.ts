import { expect, test } from 'vitest';
import { matchRecord, recordsOf } from './domain-records.js';

const FACTS = {
  domain_name: 'acme.example',
  token: 'token',
  dkim_selector: 'gatehouse-1',
  dkim_public_key: 'MIIB+/==',
};
const [ownership, spf, dkim] = recordsOf(FACTS, '_spf.mail.example');

test('the ownership record must match exactly, and other records are ignored', () => {
  const { name, value } = ownership!;
  expect(name).toBe('_gatehouse.acme.example');
  expect(matchRecord(ownership!, ['another', value])).toEqual({ ...ownership, status: 'verified' });
  expect(matchRecord(ownership!, [`${value}x`, value.toUpperCase()]).status).toBe('failed');
});

test.for([
  ['verified', ['v=DKIM1; k=rsa; p=MIIB+/==']],
  ['verified', ['another', 'v=DKIM1;k=rsa;p=MIIB +/==;']],
  ['failed', []],
  ['failed', ['v=DKIM1; k=rsa; p=']],
  ['failed', ['v=DKIM1; k=rsa; p=miib+/==']],
] as const)('DKIM is %s by %j', ([status, texts]) => {
  expect(dkim!.name).toBe('gatehouse-1._domainkey.acme.example');
  expect(matchRecord(dkim!, texts).status).toBe(status);
});

test.for([
  ['verified', ['v=spf1 include:_spf.mail.example ~all']],
  ['verified', ['another', 'V=SPF1  mx +include:_SPF.mail.example. -all']],
  ['failed', []],
  ['failed', ['v=spf1 include:_spf.mail.example.evil.example ~all']],
  ['failed', ['v=spf1 -include:_spf.mail.example ~all']],
  ['failed', ['v=spf10 include:_spf.mail.example']],
  ['failed', ['v=spf1 include:_spf.mail.example', 'v=spf1 -all']],
] as const)('SPF is %s by %j', ([status, texts]) => {
  expect(matchRecord(spf!, texts).status).toBe(status);
});
