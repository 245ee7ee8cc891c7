/** Why an outbound request has no answer. */
export type FailureReason =
  /** Never dialled: its host isn't public, or its URL isn't https. */
  'refused' | 'timeout' | 'unreachable' | 'answer_too_large' | 'too_many_redirects';

/** What whoever asked makes of it is theirs to say; the message is for the log. */
export class OutboundFailure extends Error {
  constructor(
    readonly reason: FailureReason,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}
