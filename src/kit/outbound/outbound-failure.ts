/** Why an outbound request has no answer. */
export type FailureReason =
  /** Also where the host isn't public and so was never dialled: a caller who could tell would learn of our network. */
  'unreachable' | 'timeout' | 'answer_too_large' | 'too_many_redirects';

/** Callers are told the reason in a sentence of their own; the message says more, and is for the log. */
export class OutboundFailure extends Error {
  constructor(
    readonly reason: FailureReason,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}
