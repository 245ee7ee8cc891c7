import { Injectable } from '@nestjs/common';
import { IsObject } from 'class-validator';
import type { AppError } from '../../../../core/errors/app-error.js';
import { coreErrors } from '../../../../core/errors/core-errors.js';
import { OutboundFailure, type FailureReason } from '../../../../kit/outbound/outbound-failure.js';
import { Id, Optional } from '../../../../core/validation/decorators.js';
import { findUnusable } from '../../../../core/validation/json-body.js';
import { ActionCalls, type ActionAnswer, CALL_SCOPES, UncallableAction } from '../../actions/action-calls.service.js';
import { type BlockExecutor, type Step, StepTrouble } from './block-executor.js';

class CallActionInput {
  @Id()
  action_id: string;

  /** Values of the action's parameters by name, and its `body`. */
  @Optional()
  @IsObject()
  input: Readonly<Record<string, unknown>> = {};
}

/** What whoever made the workflow is told, who may know no more of our network than that. */
const NO_ANSWER: Readonly<Record<FailureReason, string>> = {
  timeout: 'The API took too long to answer.',
  unreachable: 'The API could not be reached at a public https address.',
  answer_too_large: 'The answer of the API is too large.',
  too_many_redirects: 'The API redirects too often.',
};
const MAY_PASS: readonly FailureReason[] = ['timeout', 'unreachable'];

/** → `{status, body}`. What answers 429 or 5xx, or not at all, is called again, with the same Idempotency-Key. */
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
        if (error instanceof UncallableAction) throw refusal(error.message);
        if (!(error instanceof OutboundFailure) || signal.aborted) throw error;
        const sentence = NO_ANSWER[error.reason];
        throw MAY_PASS.includes(error.reason) ? new StepTrouble(sentence) : refusal(sentence);
      });
    if (status === 429 || status >= 500) throw new StepTrouble(`The API answered ${status}.`);
    if (status >= 400) throw refusal(`The API answered ${status}.`);
    // What the database can't hold nobody can refer to.
    return { status, body: findUnusable(body) === undefined ? body : null };
  }
}

function refusal(message: string): AppError {
  return coreErrors.invalid_request({ message });
}
