import type { SecretBox } from '../../core/encryption/secret-box.js';
import type { WebhookDelivery } from './webhook-delivery.entity.js';
import type { WebhookEndpoint } from './webhook-endpoint.entity.js';

type Stored = Pick<
  WebhookDelivery,
  'id' | 'org_id' | 'endpoint_id' | 'type' | 'subject' | 'payload' | 'created_at' | 'give_up_at' | 'attempts' | 'turn'
>;

/** A pending delivery with what its next attempt needs. */
export interface DueDelivery
  extends
    Stored,
    Pick<WebhookEndpoint, 'url' | 'owner_id' | 'secret' | 'previous_secret' | 'previous_secret_expires_at'> {
  /** The org's id at its partner. */
  readonly external_id: string | null;
  readonly is_of_org: boolean;
  /** The endpoint is disabled, its org archived or its partner inactive. */
  readonly is_stopped: boolean;
}

/** `url` is null if the endpoint is gone. */
export const DUE = `
  SELECT delivery.id, delivery.org_id, endpoint_id, type, subject, payload, delivery.created_at, give_up_at, attempts,
    turn, url, owner_id, secret, previous_secret, previous_secret_expires_at, orgs.external_id,
    endpoint.org_id IS NOT NULL AS is_of_org,
    NOT is_enabled OR owning.archived_at IS NOT NULL OR partners.is_active IS FALSE AS is_stopped
  FROM webhook_deliveries delivery
  LEFT JOIN webhook_endpoints endpoint ON endpoint.id = endpoint_id
  LEFT JOIN orgs ON orgs.id = delivery.org_id
  LEFT JOIN orgs owning ON owning.id = endpoint.org_id
  LEFT JOIN partners ON partners.id = coalesce(owning.partner_id, endpoint.owner_id)
  WHERE delivery.id = $1 AND delivery.status = 'pending' AND turn = coalesce($2, turn)`;

/** The current secret first. */
export function validSecretsOf(secretBox: SecretBox, due: DueDelivery, at: Date): string[] {
  const row = `${due.owner_id} ${due.endpoint_id}`;
  const current = secretBox.open(due.secret, `webhook_endpoints.secret ${row}`);
  if (due.previous_secret === null || due.previous_secret_expires_at! <= at) return [current];
  return [current, secretBox.open(due.previous_secret, `webhook_endpoints.previous_secret ${row}`)];
}
