const PERMANENT = 500;
/** The server wants to know who we are first, which is for the operator to mend. */
const AUTHENTICATION_REQUIRED = 530;
const CHARACTERS_MAX = 500;

interface SmtpError {
  readonly code?: string;
  readonly message?: string;
  readonly response?: string;
  readonly responseCode?: number;
}

/**
 * Why a message will never be sent, in the server's words (RFC 5321 section 4.2.1); undefined when it is worth another
 * try: a server that is away, or busy, or doesn't let us in refuses no message.
 * @param error of nodemailer
 */
export function refusalOf(error: unknown): string | undefined {
  const { code, message = '', response = message, responseCode = PERMANENT } = error as SmtpError;
  // Of the sender, the recipient or the content; without an answer it was nodemailer that found it impossible.
  if (code !== 'EENVELOPE' && code !== 'EMESSAGE') return undefined;
  if (responseCode < PERMANENT || responseCode === AUTHENTICATION_REQUIRED) return undefined;
  return response.slice(0, CHARACTERS_MAX).toWellFormed();
}
