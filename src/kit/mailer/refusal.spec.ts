import { expect, test } from 'vitest';
import { refusalOf } from './refusal.js';

const failure = (fields: object) => Object.assign(new Error('Sending failed'), fields);

test.for([
  ['550 5.1.1 No such user', { code: 'EENVELOPE', responseCode: 550, response: '550 5.1.1 No such user' }],
  ['554 5.7.1 Spam', { code: 'EMESSAGE', responseCode: 554, response: '554 5.7.1 Spam' }],
  ['Sending failed', { code: 'EENVELOPE' }],
] as const)('a permanent refusal is final: %s', ([reason, fields]) => {
  expect(refusalOf(failure(fields))?.reason).toBe(reason);
});

test.for([
  ['an unreachable server', { code: 'ECONNECTION' }],
  ['a server that closes the connection', { code: 'ECONNECTION', responseCode: 521, response: '521 No service here' }],
  ['a wrong password', { code: 'EAUTH', responseCode: 535, response: '535 Wrong' }],
  ['a missing password', { code: 'EENVELOPE', responseCode: 530, response: '530 Who are you?' }],
  ['a deferred recipient', { code: 'EENVELOPE', responseCode: 451, response: '451 Later' }],
] as const)('a temporary failure is retried: %s', ([, fields]) => {
  expect(refusalOf(failure(fields))).toBeUndefined();
});

test.for([
  [true, '550 5.1.1 No such user', 'RCPT TO'],
  [true, '550-5.2.1 Mailbox disabled', 'RCPT TO'],
  [true, '550 No such user', 'RCPT TO'],
  [false, '552 5.2.2 Mailbox full', 'RCPT TO'],
  [false, '550 5.1.8 Your domain has no MX', 'RCPT TO'],
  [false, '550 5.7.1 Your server is blocked', 'RCPT TO'],
  [false, '550 5.1.1 No such user', 'MAIL FROM'],
] as const)('that the recipient is undeliverable is %s by %s to %s', ([isAboutRecipient, response, command]) => {
  const error = failure({ code: 'EENVELOPE', command, responseCode: Number(response.slice(0, 3)), response });
  expect(refusalOf(error)?.isAboutRecipient).toBe(isAboutRecipient);
});
