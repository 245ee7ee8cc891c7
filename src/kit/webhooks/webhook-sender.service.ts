import { Injectable, type OnModuleInit } from '@nestjs/common';
import { Database } from '../../core/database/database.js';
import { SecretBox } from '../../core/encryption/secret-box.js';
import { Jobs } from '../../core/jobs/jobs.service.js';
import { OutboundFailure } from '../outbound/outbound-failure.js';
import { Outbound } from '../outbound/outbound.js';
import { signedHeaders } from './sign-webhook.js';
import type { DeliveryStatus, WebhookDelivery } from './webhook-delivery.entity.js';
import { type DeliveryKey, WEBHOOK_DELIVERY, Webhooks } from './webhooks.service.js';

const TIMEOUT_MS = 15_000;
/** The body of the answer is not read. */
const ANSWER_BYTES_MAX = 64 * 1024;
const GONE = 410;

interface DueDelivery extends Pick<
  WebhookDelivery,
  'org_id' | 'id' | 'endpoint_id' | 'type' | 'subject' | 'created_at'
> {
  readonly url: string;
  readonly secret: Buffer;
  /** The endpoint is disabled, the org archived or its partner inactive. */
  readonly is_stopped: boolean;
}

interface Outcome {
  readonly status: DeliveryStatus;
  readonly responseStatus: number | null;
  readonly error: string | null;
}

// A process may have ended the delivery and crashed before the job completed. Then no row matches.
const DUE = `
  SELECT delivery.org_id, delivery.id, endpoint_id, type, subject, delivery.created_at, url, secret,
    NOT is_enabled OR archived_at IS NOT NULL OR partners.is_active IS FALSE AS is_stopped
  FROM webhook_deliveries delivery
  JOIN webhook_endpoints endpoint ON endpoint.org_id = delivery.org_id AND endpoint.id = endpoint_id
  JOIN orgs ON orgs.id = delivery.org_id LEFT JOIN partners ON partners.id = orgs.partner_id
  WHERE delivery.org_id = $1 AND delivery.id = $2 AND delivery.status = 'pending'`;
const SAVE = `
  UPDATE webhook_deliveries SET status = $3, response_status = $4, error = $5, attempts = attempts + 1,
    updated_at = now(), ended_at = CASE WHEN $3 <> 'pending' THEN now() END
  WHERE org_id = $1 AND id = $2 AND status = 'pending'`;
const GIVE_UP = `
  UPDATE webhook_deliveries SET status = 'failed', updated_at = now(), ended_at = now()
  WHERE org_id = $1 AND id = $2 AND status = 'pending'`;
const DISABLE = `
  UPDATE webhook_endpoints SET is_enabled = false, updated_at = now() WHERE org_id = $1 AND id = $2`;

/** Sends deliveries at least once, signed as Standard Webhooks says. The `webhook-id` stays the same at each attempt. */
@Injectable()
export class WebhookSender implements OnModuleInit {
  constructor(
    private readonly database: Database,
    private readonly jobs: Jobs,
    private readonly webhooks: Webhooks,
    private readonly secretBox: SecretBox,
    private readonly outbound: Outbound,
  ) {}

  onModuleInit(): void {
    this.jobs.handle(WEBHOOK_DELIVERY, {
      run: (key, signal) => this.#send(key, signal),
      giveUp: ({ org_id, id }) => this.database.manager.query(GIVE_UP, [org_id, id]),
    });
  }

  async #send({ org_id, id }: DeliveryKey, signal: AbortSignal): Promise<void> {
    const { manager } = this.database;
    const [due] = (await manager.query(DUE, [org_id, id])) as DueDelivery[];
    if (due === undefined) return;
    const { status, responseStatus, error } = await this.#outcomeOf(due, signal);
    if (responseStatus === GONE) await manager.query(DISABLE, [org_id, due.endpoint_id]);
    await manager.query(SAVE, [org_id, id, status, responseStatus, error]);
    if (status === 'pending') throw new Error(`The delivery ${id} failed: ${error}`);
  }

  async #outcomeOf(due: DueDelivery, signal: AbortSignal): Promise<Outcome> {
    if (due.is_stopped) return { status: 'failed', responseStatus: null, error: 'The endpoint is disabled.' };
    try {
      const { status } = await this.#post(due, signal);
      if (status >= 200 && status < 300) return { status: 'delivered', responseStatus: status, error: null };
      const isFinal = status === GONE;
      const error = isFinal ? 'The endpoint answered 410 and is now disabled.' : `The endpoint answered ${status}.`;
      return { status: isFinal ? 'failed' : 'pending', responseStatus: status, error };
    } catch (error) {
      if (!(error instanceof OutboundFailure) || signal.aborted) throw error;
      const sentence = error.reason === 'timeout' ? 'The endpoint did not answer in time.' : UNREACHABLE;
      return { status: 'pending', responseStatus: null, error: sentence };
    }
  }

  async #post(due: DueDelivery, signal: AbortSignal) {
    const { org_id, id, type, subject, created_at, url, secret: sealed } = due;
    const data = await this.webhooks.readerOf(type)(this.database.manager, org_id, subject);
    const body = JSON.stringify({ type, timestamp: created_at.toISOString(), data });
    const secret = this.secretBox.open(sealed, `webhook_endpoints.secret ${org_id} ${due.endpoint_id}`);
    return this.outbound.ask({
      url,
      method: 'POST',
      headers: { 'content-type': 'application/json', ...signedHeaders(secret, id, new Date(), body) },
      body,
      timeoutMs: TIMEOUT_MS,
      bodyBytesMax: ANSWER_BYTES_MAX,
      acceptsBody: () => false,
      signal,
    });
  }
}

const UNREACHABLE = 'The endpoint could not be reached at a public https address.';
