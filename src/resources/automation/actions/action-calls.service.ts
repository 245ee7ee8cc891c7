import { Injectable } from '@nestjs/common';
import { Database } from '../../../core/database/database.js';
import { isUuid } from '../../../core/database/uuid-v7.js';
import { Outbound } from '../../../kit/outbound/outbound.js';
import { parseForeignJson } from '../../../core/validation/exact-numbers.js';
import { Action } from './action.entity.js';
import { type ActionInput, requestOf } from './action-request.js';

const TIMEOUT_MS = 30_000;
const ANSWER_BYTES_MAX = 1024 * 1024;
const REDIRECTS_MAX = 3;

/** What a key needs to let something call actions: a call changes what is elsewhere, so reading them isn't enough. */
export const CALL_SCOPES = ['actions:write'] as const;

export interface ActionKey {
  readonly orgId: string;
  readonly actionId: string;
}

export interface ActionCallOptions {
  /** The same for every try of one call, so that the API can tell a repeat from a second call. */
  readonly idempotencyKey?: string;
  readonly signal?: AbortSignal;
}

export interface ActionAnswer {
  readonly status: number;
  /** What its JSON says, or its text. */
  readonly body: unknown;
}

/** The call could not be made, and trying again won't help; the message is for whoever wanted it. */
export class UncallableAction extends Error {}

/** Calls actions: what is dialled is what somebody of the org has written down, so it goes through the guarded way out. */
@Injectable()
export class ActionCalls {
  constructor(
    private readonly database: Database,
    private readonly outbound: Outbound,
  ) {}

  /**
   * The API's answer, whatever its status.
   * @throws UncallableAction without such an action, or without what it needs; OutboundFailure when there is no answer
   */
  async call(
    { orgId, actionId }: ActionKey,
    input: ActionInput,
    { idempotencyKey, signal }: ActionCallOptions = {},
  ): Promise<ActionAnswer> {
    const where = { org_id: orgId, id: actionId };
    const action = isUuid(actionId) ? await this.database.manager.findOneBy(Action, where) : null;
    if (action === null) throw new UncallableAction('There is no such action.');
    const request = requestOf(action, input);
    if ('problem' in request) throw new UncallableAction(`${action.name}: ${request.problem}`);
    const { status, body } = await this.outbound.ask({
      ...request,
      headers: { ...(idempotencyKey !== undefined && { 'idempotency-key': idempotencyKey }), ...request.headers },
      timeoutMs: TIMEOUT_MS,
      bodyBytesMax: ANSWER_BYTES_MAX,
      redirectsMax: REDIRECTS_MAX,
      ...(signal && { signal }),
    });
    return { status, body: valueOf(body.toString()) };
  }
}

function valueOf(text: string): unknown {
  try {
    return parseForeignJson(text);
  } catch {
    return text;
  }
}
