import type { FieldProblem } from '../../../core/errors/app-error.js';
import { invalidRequest } from '../../../core/errors/invalid-request.js';
import type { NewMail } from '../../../kit/mailer/mail.service.js';
import type { RecipientDto, SendEmailDto } from './email.dto.js';

const FIELDS = ['email_body', 'email_subject', 'email_sender_name'] as const;

/**
 * Makes one mail per recipient, in their order. The `fallback_…` fields fill what a recipient lacks.
 * @throws AppError invalid_request (400) naming the fields that a recipient has neither itself nor from the fallback
 */
export function mailsOf(orgId: string, dto: SendEmailDto): NewMail[] {
  const valueOf = (recipient: RecipientDto, field: (typeof FIELDS)[number]) =>
    recipient[field] ?? dto[`fallback_${field}`];
  const problems = dto.recipients.flatMap((recipient, index) =>
    FIELDS.filter((field) => valueOf(recipient, field) === undefined).map((field): FieldProblem => ({
      field: `recipients.${index}.${field}`,
      message: `recipients.${index}.${field} is missing, and there is no fallback_${field}`,
    })),
  );
  if (problems.length > 0) throw invalidRequest(problems);
  return dto.recipients.map((recipient) => ({
    orgId,
    from: dto.from_email,
    to: recipient.to_email,
    html: valueOf(recipient, 'email_body')!,
    subject: valueOf(recipient, 'email_subject')!,
    senderName: valueOf(recipient, 'email_sender_name')!,
    isTransactional: recipient.email_is_transactional,
    refersTo: recipient.email_in_reply_to === undefined ? [] : [recipient.email_in_reply_to],
  }));
}
