/** The reason why an outbound request has no answer. */
export type FailureReason =
  /** Also used for refused private hosts, so that callers can't probe the internal network. */
  'unreachable' | 'timeout' | 'answer_too_large' | 'too_many_redirects';

/** Callers map `reason` to their own message. `message` has more detail and is only for the log. */
export class OutboundFailure extends Error {
  constructor(
    readonly reason: FailureReason,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}
