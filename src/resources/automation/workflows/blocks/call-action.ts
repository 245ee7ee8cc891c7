import { Injectable } from '@nestjs/common';
import { IsObject } from 'class-validator';
import type { AppError } from '../../../../core/errors/app-error.js';
import { coreErrors } from '../../../../core/errors/core-errors.js';
import { OutboundFailure, type FailureReason } from '../../../../kit/outbound/outbound-failure.js';
import { Id, Optional } from '../../../../core/validation/decorators.js';
import { findUnusable } from '../../../../core/validation/json-body.js';
import { ActionCalls, type ActionAnswer, CALL_SCOPES, UncallableAction } from '../../actions/action-calls.service.js';
import { type BlockExecutor, type Step, RetryableStepError } from './block-executor.js';

class CallActionInput {
  @Id()
  action_id: string;

  /** Parameter values by name, and the request body as `body`. */
  @Optional()
  @IsObject()
  input: Readonly<Record<string, unknown>> = {};
}

/** Messages for the workflow's author. They reveal nothing else about the server's network. */
const NO_ANSWER: Readonly<Record<FailureReason, string>> = {
  timeout: 'The API took too long to answer.',
  unreachable: 'The API could not be reached at a public https address.',
  answer_too_large: 'The answer of the API is too large.',
  too_many_redirects: 'The API redirects too often.',
};
const RETRYABLE: readonly FailureReason[] = ['timeout', 'unreachable'];

/** Result: `{status, body}`. Timeouts, 429 and 5xx are retried with the same Idempotency-Key. */
@Injectable()
export class CallAction implements BlockExecutor<CallActionInput> {
  readonly scopes = CALL_SCOPES;
  readonly input = CallActionInput;
  readonly namedRows = { action_id: 'actions' } as const;
  readonly needsSession = false;
  readonly effect = 'outside';

  constructor(private readonly calls: ActionCalls) {}

  async run({ orgId, key, input: { action_id, input }, signal }: Step<CallActionInput>): Promise<object> {
    const called = { orgId, actionId: action_id };
    const { status, body } = await this.calls
      .call(called, input, { idempotencyKey: key, signal })
      .catch((error: unknown): ActionAnswer => {
        if (error instanceof UncallableAction) throw permanentError(error.message);
        if (!(error instanceof OutboundFailure) || signal.aborted) throw error;
        const sentence = NO_ANSWER[error.reason];
        throw RETRYABLE.includes(error.reason) ? new RetryableStepError(sentence) : permanentError(sentence);
      });
    if (status === 429 || status >= 500) throw new RetryableStepError(`The API answered ${status}.`);
    if (status >= 400) throw permanentError(`The API answered ${status}.`);
    // Postgres cannot store some text, such as NUL.
    return { status, body: findUnusable(body) === undefined ? body : null };
  }
}

function permanentError(message: string): AppError {
  return coreErrors.invalid_request({ message });
}
