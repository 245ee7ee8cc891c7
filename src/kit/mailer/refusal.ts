const PERMANENT = 500;
/** The operator can fix missing credentials, so this is not permanent. */
const AUTHENTICATION_REQUIRED = 530;
const ENHANCED_STATUS = /^5\d\d[ -](5\.\d{1,3}\.\d{1,3})\b/;
/** RFC 3463: the address is wrong, unknown or moved, or its mailbox is disabled. 5.0.0 is for what has no other status. */
const ABOUT_RECIPIENT = /^5\.(0\.0|1\.([0-6]|10)|2\.[01])\b/;
const CHARACTERS_MAX = 500;

interface SmtpError {
  readonly code?: string;
  readonly command?: string;
  readonly message?: string;
  readonly response?: string;
  readonly responseCode?: number;
}

export interface Refusal {
  /** The answer of the server. */
  readonly reason: string;
  /** True: no mail reaches the recipient. False: the server refused this mail or its sender, or the mailbox is full. */
  readonly isAboutRecipient: boolean;
}

/**
 * Returns the server's reason for a permanent failure of a message (RFC 5321 section 4.2.1), or undefined if a retry
 * may help: connection and authentication errors are not about the message.
 * @param error of nodemailer
 */
export function refusalOf(error: unknown): Refusal | undefined {
  const { code, command, message = '', response = message, responseCode = PERMANENT } = error as SmtpError;
  // Errors about sender, recipient or content. Without a response code, nodemailer itself rejected the message.
  if (code !== 'EENVELOPE' && code !== 'EMESSAGE') return undefined;
  if (responseCode < PERMANENT || responseCode === AUTHENTICATION_REQUIRED) return undefined;
  const isAboutRecipient = command === 'RCPT TO' && isStatusOfRecipient(ENHANCED_STATUS.exec(response)?.[1]);
  return { reason: response.slice(0, CHARACTERS_MAX).toWellFormed(), isAboutRecipient };
}

/** @param status of RFC 3463; undefined, of a server that has none, counts as one of the recipient */
export function isStatusOfRecipient(status: string | undefined): boolean {
  return status === undefined || ABOUT_RECIPIENT.test(status);
}
