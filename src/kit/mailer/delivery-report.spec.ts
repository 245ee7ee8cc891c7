import { expect, it } from 'vitest';
import { parseDeliveryReport } from './delivery-report.js';

const REPORT = `Return-Path: <>
From: Mail Delivery System <mailer-daemon@mail.example>
To: hello@acme.example
Subject: Undelivered Mail
Message-ID: <report-1@mail.example>
Content-Type: multipart/report; report-type=delivery-status; boundary="b"

--b
Content-Type: text/plain

Your message could not be delivered.

--b
Content-Type: message/delivery-status

Reporting-MTA: dns; mail.example

Final-Recipient: rfc822; gone@guests.example
Action: failed
Status: 5.1.1 (bad destination mailbox)
Diagnostic-Code: smtp; 550 5.1.1 <gone@guests.example>:
    user unknown

--b
Content-Type: text/rfc822-headers

From: Acme <hello@acme.example>
Message-ID:
 <01a2251e-f8a7-763c-98db-5d338dad0cfe@acme.example>
Subject: Hello

Action: none
Status: confirmed
Message-ID: <body@acme.example>
--b--
`;

it('a report names the message, the status and the answer of the server', () => {
  const report = {
    messageId: '<01a2251e-f8a7-763c-98db-5d338dad0cfe@acme.example>',
    isFailure: true,
    isAboutRecipient: true,
    reason: '5.1.1 (bad destination mailbox) smtp; 550 5.1.1 <gone@guests.example>: user unknown',
  };
  expect(parseDeliveryReport(REPORT)).toEqual(report);
  expect(parseDeliveryReport(REPORT.replaceAll('\n', '\r\n'))).toEqual(report);
});

it('a delay is no failure', () => {
  expect(parseDeliveryReport(REPORT.replace('failed', 'delayed'))).toMatchObject({ isFailure: false });
});

it('a full mailbox is a failure that says nothing about the address', () => {
  const report = parseDeliveryReport(REPORT.replace('Status: 5.1.1', 'Status: 5.2.2'));
  expect(report).toMatchObject({ isFailure: true, isAboutRecipient: false });
});

it('other mail is no report', () => {
  for (const text of [
    '',
    'Hello',
    REPORT.replaceAll('Action:', 'Reaction:'),
    REPORT.replaceAll('Message-ID', 'X'),
    REPORT.replaceAll('delivery-status', 'disposition-notification'),
  ]) {
    expect(parseDeliveryReport(text)).toBeUndefined();
  }
});

it('the longest reports are read at once', () => {
  const head = 'Content-Type: message/delivery-status\n';
  expect(parseDeliveryReport(head + '\n '.repeat(100_000))).toBeUndefined();
  expect(parseDeliveryReport(head + 'Action:'.padEnd(200_000, ' '))).toBeUndefined();
  expect(parseDeliveryReport('Content-Type:'.padEnd(200_000, ' '))).toBeUndefined();
});
