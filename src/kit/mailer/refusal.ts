const PERMANENT = 500;
/** The operator can fix missing credentials, so this is not permanent. */
const AUTHENTICATION_REQUIRED = 530;
const CHARACTERS_MAX = 500;

interface SmtpError {
  readonly code?: string;
  readonly message?: string;
  readonly response?: string;
  readonly responseCode?: number;
}

/**
 * Returns the server's reason for a permanent failure of a message (RFC 5321 section 4.2.1), or undefined if a retry
 * may help: connection and authentication errors are not about the message.
 * @param error of nodemailer
 */
export function refusalOf(error: unknown): string | undefined {
  const { code, message = '', response = message, responseCode = PERMANENT } = error as SmtpError;
  // Errors about sender, recipient or content. Without a response code, nodemailer itself rejected the message.
  if (code !== 'EENVELOPE' && code !== 'EMESSAGE') return undefined;
  if (responseCode < PERMANENT || responseCode === AUTHENTICATION_REQUIRED) return undefined;
  return response.slice(0, CHARACTERS_MAX).toWellFormed();
}
