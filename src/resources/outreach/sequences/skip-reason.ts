import { UNSUBSCRIBED_REASON } from '../../directory/contacts/contacts.service.js';
import type { StepAction } from './sequence-steps.js';

/** A contact whose step is due. */
export interface DueContact {
  readonly id: string;
  readonly email: string | null;
  readonly is_unsubscribed: boolean;
  readonly is_blocked: boolean;
}

/**
 * @param isVerified whether the sender's domain is verified
 * @returns why the step skips the contact, or undefined if it does not
 */
export function findSkipReason(
  { type, data }: StepAction,
  contact: DueContact,
  isVerified: boolean,
): string | undefined {
  if (type === 'make_phone_calls') return 'There is no telephony to call with.';
  if (contact.email === null) return 'The contact has no e-mail address.';
  if (contact.is_blocked) return 'The contact is blocked.';
  if (contact.is_unsubscribed && !data.email_is_transactional) return UNSUBSCRIBED_REASON;
  if (!isVerified) return 'The domain of from_email is not verified.';
  return undefined;
}
