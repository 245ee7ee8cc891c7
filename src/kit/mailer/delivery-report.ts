import { isStatusOfRecipient } from './refusal.js';

const REASON_CHARACTERS_MAX = 500;
const STATUS_PART = /^Content-Type:[ \t]*message\/(global-)?delivery-status\b/im;
const FIELD = /^(Action|Status|Diagnostic-Code|Message-ID):(.*)/gim;

/** What a delivery status notification says about a message (RFC 3464). */
export interface DeliveryReport {
  /** The Message-ID of the message, with its brackets. */
  readonly messageId: string;
  /** False: the server still tries, or has delivered it. */
  readonly isFailure: boolean;
  /** True: no mail reaches the recipient. */
  readonly isAboutRecipient: boolean;
  readonly reason: string;
}

/**
 * Reads the report of one recipient: the fields of its `message/delivery-status`, and the Message-ID of the returned
 * headers, which follow. The first of each counts: a returned body may have lines that look the same.
 * @param raw the mail as it was received
 * @returns undefined if it is no report about a message
 */
export function parseDeliveryReport(raw: string): DeliveryReport | undefined {
  const text = unfolded(raw);
  const start = text.search(STATUS_PART);
  if (start === -1) return undefined;
  const fields = new Map<string, string>();
  for (const [, name, value] of text.slice(start).matchAll(FIELD)) {
    const key = name!.toLowerCase();
    if (!fields.has(key)) fields.set(key, value!.trim());
  }
  const [action, messageId, status] = [fields.get('action'), fields.get('message-id'), fields.get('status')];
  if (action === undefined || messageId === undefined) return undefined;
  const reason = [status, fields.get('diagnostic-code')].filter(Boolean).join(' ');
  return {
    messageId,
    isFailure: action.toLowerCase() === 'failed',
    isAboutRecipient: isStatusOfRecipient(status),
    reason: reason.slice(0, REASON_CHARACTERS_MAX).toWellFormed(),
  };
}

/** Joins continued header lines (RFC 5322, section 2.2.3). */
function unfolded(text: string): string {
  return text.replaceAll('\r\n', '\n').replaceAll(/\n[ \t]+/g, ' ');
}
