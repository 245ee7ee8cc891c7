import { expect, test } from 'vitest';
import { judgeRecord, recordsOf } from './domain-records.js';

const [ownership, spf] = recordsOf('acme.example', 'token', '_spf.mail.example', 'pending');

test('the proof of ownership has to be there as it is, beside whatever else is', () => {
  const { name, value } = ownership!;
  expect(name).toBe('_gatehouse.acme.example');
  expect(judgeRecord(ownership!, ['another', value])).toEqual({ ...ownership, status: 'verified' });
  expect(judgeRecord(ownership!, [`${value}x`, value.toUpperCase()]).status).toBe('failed');
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
  expect(judgeRecord(spf!, texts).status).toBe(status);
});
