import { Injectable } from '@nestjs/common';
import { Database } from '../../../core/database/database.js';
import { Outbound } from '../../../kit/outbound/outbound.js';
import { parseForeignJson } from '../../../core/validation/exact-numbers.js';
import { ActionCredentials } from '../action-credentials/action-credentials.service.js';
import { placeCredential, withoutSecret } from '../action-credentials/place-credential.js';
import { Action } from './action.entity.js';
import { type ActionInput, requestOf } from './action-request.js';

const TIMEOUT_MS = 30_000;
const ANSWER_BYTES_MAX = 1024 * 1024;
const REDIRECTS_MAX = 3;

/** Scopes to configure calls of actions. A call can change data elsewhere, so `actions:read` is not enough. */
export const CALL_SCOPES = ['actions:write'] as const;

export interface ActionKey {
  readonly orgId: string;
  readonly actionId: string;
}

export interface ActionCallOptions {
  /** The same for all attempts of one call, so that the API can recognize a retry. */
  readonly idempotencyKey?: string;
  readonly signal?: AbortSignal;
}

export interface ActionAnswer {
  readonly status: number;
  /** The parsed JSON, or the text if it is not JSON. */
  readonly body: unknown;
}

/** The call cannot be made, and a retry does not help. The message is for the caller. */
export class UncallableAction extends Error {}

/** Calls actions. Their URLs come from users, so `Outbound` guards every request. */
@Injectable()
export class ActionCalls {
  constructor(
    private readonly database: Database,
    private readonly outbound: Outbound,
    private readonly credentials: ActionCredentials,
  ) {}

  /**
   * @returns the API's response, whatever its status, with the action's secret masked
   * @throws UncallableAction for an unknown action or invalid input; OutboundFailure without a response
   */
  async call(
    { orgId, actionId }: ActionKey,
    input: ActionInput,
    { idempotencyKey, signal }: ActionCallOptions = {},
  ): Promise<ActionAnswer> {
    const action = await this.database.manager.findOneBy(Action, { org_id: orgId, id: actionId });
    if (action === null) throw new UncallableAction('The action does not exist.');
    const built = requestOf(action, input);
    if ('problem' in built) throw new UncallableAction(`${action.name}: ${built.problem}`);
    const credential = await this.#credentialOf(action);
    const request = credential ? placeCredential(built, credential, credential.secret) : built;
    const { status, body } = await this.outbound.ask({
      ...request,
      headers: { ...(idempotencyKey !== undefined && { 'idempotency-key': idempotencyKey }), ...request.headers },
      timeoutMs: TIMEOUT_MS,
      bodyBytesMax: ANSWER_BYTES_MAX,
      redirectsMax: REDIRECTS_MAX,
      ...(signal && { signal }),
    });
    const text = body.toString();
    return { status, body: valueOf(credential ? withoutSecret(text, credential.secret) : text) };
  }

  /** An import can move an action to another origin than its credential's. */
  async #credentialOf({ org_id, name, api_endpoint, credential_id }: Action) {
    if (credential_id === null) return undefined;
    const credential = await this.credentials.open(org_id, credential_id);
    if (credential.origin === URL.parse(api_endpoint)?.origin) return credential;
    throw new UncallableAction(`${name}: its credential is only sent to ${credential.origin}`);
  }
}

function valueOf(text: string): unknown {
  try {
    return parseForeignJson(text);
  } catch {
    return text;
  }
}
