import { Injectable, type OnModuleInit } from '@nestjs/common';
import { Database } from '../../core/database/database.js';
import { SecretBox } from '../../core/encryption/secret-box.js';
import { Jobs } from '../../core/jobs/jobs.service.js';
import { OutboundFailure } from '../outbound/outbound-failure.js';
import { type OutboundHead, Outbound } from '../outbound/outbound.js';
import { type Attempt, DeliveryLog } from './delivery-log.service.js';
import { type DueDelivery, validSecretsOf } from './due-delivery.js';
import { EndpointPauses } from './endpoint-pauses.js';
import { signedHeaders } from './sign-webhook.js';
import { type DeliveryKey, WEBHOOK_DELIVERY } from './webhook-delivery.job.js';
import { Webhooks } from './webhooks.service.js';

const TIMEOUT_MS = 15_000;
/** The body of the answer is not read. */
const ANSWER_BYTES_MAX = 64 * 1024;
const GONE = 410;
const UNREACHABLE = 'The endpoint could not be reached at a public https address.';
const TOO_LATE = 'The endpoint did not answer in time.';
const DISABLED = 'The endpoint is disabled.';

/** Sends deliveries at least once, signed as Standard Webhooks says. The `webhook-id` stays the same at each attempt. */
@Injectable()
export class WebhookSender implements OnModuleInit {
  readonly #pauses = new EndpointPauses();

  constructor(
    private readonly database: Database,
    private readonly jobs: Jobs,
    private readonly webhooks: Webhooks,
    private readonly log: DeliveryLog,
    private readonly secretBox: SecretBox,
    private readonly outbound: Outbound,
  ) {}

  onModuleInit(): void {
    this.jobs.handle(WEBHOOK_DELIVERY, {
      run: (key, signal) => this.#send(key, signal),
      giveUp: ({ id }) => this.log.giveUp(id),
    });
  }

  async #send(key: DeliveryKey, signal: AbortSignal): Promise<void> {
    const due = await this.log.due(key);
    if (due === undefined) return;
    const now = new Date();
    const pausedUntil = key.isUrgent ? undefined : this.#pauses.until(due.endpoint_id, now.getTime());
    if (due.is_stopped) await this.log.save(due, failedWithout(DISABLED));
    else if (pausedUntil && now < due.give_up_at) await this.log.defer(due, pausedUntil);
    else await this.log.save(due, await this.#attempt(due, signal));
  }

  async #attempt(due: DueDelivery, signal: AbortSignal): Promise<Attempt> {
    const at = new Date();
    const lasted = () => Date.now() - at.getTime();
    try {
      const head = await this.#post(due, at, signal);
      this.#pauses.answered(due.endpoint_id);
      return { at, durationMs: lasted(), ...outcomeOf(head) };
    } catch (error) {
      if (!(error instanceof OutboundFailure) || signal.aborted) throw error;
      this.#pauses.unanswered(due.endpoint_id, Date.now());
      const sentence = error.reason === 'timeout' ? TOO_LATE : UNREACHABLE;
      return { at, durationMs: lasted(), status: 'pending', responseStatus: null, error: sentence };
    }
  }

  async #post(due: DueDelivery, at: Date, signal: AbortSignal): Promise<OutboundHead> {
    const body = await this.#bodyOf(due);
    const secrets = validSecretsOf(this.secretBox, due, at);
    return this.outbound.ask({
      url: due.url,
      method: 'POST',
      headers: { 'content-type': 'application/json', ...signedHeaders(secrets, due.id, at, body) },
      body,
      timeoutMs: TIMEOUT_MS,
      bodyBytesMax: ANSWER_BYTES_MAX,
      acceptsBody: () => false,
      signal,
    });
  }

  /** An org's own endpoint needs no org in events of resources, which name none since before there were others. */
  async #bodyOf({ org_id, type, subject, payload, created_at, external_id, is_of_org }: DueDelivery): Promise<string> {
    const start = { type, timestamp: created_at.toISOString() };
    if (payload !== null) return JSON.stringify({ ...start, ...payload });
    const data = await this.webhooks.readerOf(type)(this.database.manager, org_id!, subject);
    return JSON.stringify({ ...start, ...(!is_of_org && { org_id, org_external_id: external_id }), data });
  }
}

type Outcome = Pick<Attempt, 'status' | 'responseStatus' | 'error' | 'retryAfter' | 'isGone'>;

function outcomeOf({ status, headers }: OutboundHead): Outcome {
  if (status >= 200 && status < 300) return { status: 'delivered', responseStatus: status, error: null };
  if (status === GONE) {
    const error = 'The endpoint answered 410 and is now disabled.';
    return { status: 'failed', responseStatus: status, error, isGone: true };
  }
  const error = `The endpoint answered ${status}.`;
  return { status: 'pending', responseStatus: status, error, retryAfter: headers['retry-after'] };
}

function failedWithout(error: string): Attempt {
  return { at: null, durationMs: 0, status: 'failed', responseStatus: null, error };
}
