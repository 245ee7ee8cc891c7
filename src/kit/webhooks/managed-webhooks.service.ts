import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { Database } from '../../core/database/database.js';
import { instantAsText } from '../../core/database/row-as-json.js';
import { takeTurn } from '../../core/database/transaction.js';
import { uuidV7 } from '../../core/database/uuid-v7.js';
import { SecretBox } from '../../core/encryption/secret-box.js';
import { coreErrors, notFound } from '../../core/errors/core-errors.js';
import type { Page, Wire, WireJson } from '../../core/wire/wire-json.js';
import type { Actor } from '../audit/actor.js';
import { originOf } from '../audit/audited-setting.js';
import { Changes } from '../audit/changes.js';
import { changesOf, givenFields } from '../audit/changes-of.js';
import type { PageRequest } from '../lists/list-queries.js';
import { PreparedPages } from '../lists/prepared-pages.js';
import type {
  CreateManagedWebhookDto,
  ManagedWebhook,
  NewManagedWebhook,
  UpdateManagedWebhookDto,
} from './managed-webhook.dto.js';
import { mintWebhookSecret } from './sign-webhook.js';
import { WebhookEndpoint } from './webhook-endpoint.entity.js';
import { orgIdOf, ownerIdOf, type WebhookOwner } from './webhook-owner.js';

const ENDPOINTS_MAX = 20;

const TIMES = ['previous_secret_expires_at', 'created_at', 'updated_at'];
/** A `ManagedWebhook` as JSON text. */
const VIEW = `
  (SELECT row_to_json(wire)::text FROM (
    SELECT id, url, events, description, is_enabled, disabled_reason, signature, public_key,
      ${TIMES.map((column) => `${instantAsText(column)} AS ${column}`).join(', ')}
  ) wire)`;
const READ = `SELECT ${VIEW}::json AS endpoint FROM webhook_endpoints WHERE owner_id = $1 AND id = $2`;
const LOCK_COUNT = `SELECT pg_advisory_xact_lock(hashtextextended('webhook endpoints ' || $1, 0))`;

/** The webhook endpoints of one org, one partner or the installation, for its managers. */
@Injectable()
export class ManagedWebhooks {
  readonly #pages: PreparedPages<ManagedWebhook>;

  constructor(
    private readonly database: Database,
    private readonly changes: Changes,
    private readonly secretBox: SecretBox,
  ) {
    const name = 'webhook_endpoints.managed';
    this.#pages = new PreparedPages(database, {
      table: 'webhook_endpoints',
      name,
      item: VIEW,
      filters: {},
      owner: 'owner_id',
    });
  }

  list(owner: WebhookOwner, page: PageRequest): Promise<WireJson<Page<Wire<ManagedWebhook>>>> {
    return this.#pages.read(ownerIdOf(owner), page);
  }

  /** @throws AppError not_found (404) */
  async read(owner: WebhookOwner, id: string, manager = this.database.manager): Promise<Wire<ManagedWebhook>> {
    const [row] = (await manager.query(READ, [ownerIdOf(owner), id])) as { endpoint: Wire<ManagedWebhook> }[];
    return row?.endpoint ?? webhookNotFound();
  }

  /** The only response with the secret. @throws AppError limit_reached (409) */
  async create(actor: Actor, owner: WebhookOwner, dto: CreateManagedWebhookDto): Promise<Wire<NewManagedWebhook>> {
    const { url, events, description = null, is_enabled = true, signature = 'hmac' } = dto;
    return this.changes.change(actor, async (manager, record) => {
      await assertRoomForWebhook(manager, owner);
      const id = uuidV7();
      const { secret, publicKey } = mintWebhookSecret(signature);
      const settings = { url, events: events as never[], description, is_enabled, signature };
      await manager.insert(WebhookEndpoint, {
        ...settings,
        id,
        org_id: orgIdOf(owner),
        owner_id: ownerIdOf(owner),
        secret: this.secretBox.seal(secret, `webhook_endpoints.secret ${ownerIdOf(owner)} ${id}`),
        public_key: publicKey,
      });
      const changes = givenFields({ ...settings, url: originOf(url) });
      record({ action: 'webhook_endpoint.created', ...placeOf(owner), target: targetOf({ id, url }), changes });
      return { ...(await this.read(owner, id, manager)), signing_secret: publicKey === null ? secret : null };
    });
  }

  /** Without changes, it is left as it is. @throws AppError not_found (404) */
  async update(
    actor: Actor,
    owner: WebhookOwner,
    id: string,
    dto: UpdateManagedWebhookDto,
  ): Promise<Wire<ManagedWebhook>> {
    return this.changes.change(actor, async (manager, record) => {
      const endpoint = await lockWebhookOrThrow(manager, owner, id);
      const wanted = { ...dto, events: dto.events as never[] | undefined };
      const changed = changesOf<LockedWebhook>(endpoint, wanted as Partial<LockedWebhook>);
      if (Object.keys(changed).length > 0) {
        const reason = dto.is_enabled === undefined ? {} : { disabled_reason: null };
        await manager.update(WebhookEndpoint, { id }, { ...(wanted as object), ...reason });
        const { url } = changed;
        const shown = url && { url: { before: originOf(url.before), after: originOf(url.after) } };
        const changes = { ...changed, ...shown };
        record({ action: 'webhook_endpoint.updated', ...placeOf(owner), target: targetOf(endpoint), changes });
      }
      return this.read(owner, id, manager);
    });
  }

  /** Deletes its deliveries too. @throws AppError not_found (404) */
  async remove(actor: Actor, owner: WebhookOwner, id: string): Promise<void> {
    await this.changes.change(actor, async (manager, record) => {
      const endpoint = await lockWebhookOrThrow(manager, owner, id);
      await deleteWebhook(manager, id);
      record({ action: 'webhook_endpoint.deleted', ...placeOf(owner), target: targetOf(endpoint) });
    });
  }

  /**
   * Replaces the secret. The old one signs too until the grace period ends; one from before it ends now.
   * @throws AppError not_found (404)
   */
  async rotateSecret(
    actor: Actor,
    owner: WebhookOwner,
    id: string,
    graceSeconds: number,
  ): Promise<Wire<NewManagedWebhook>> {
    return this.changes.change(actor, async (manager, record) => {
      const endpoint = await lockWebhookOrThrow(manager, owner, id);
      const row = `${ownerIdOf(owner)} ${id}` as const;
      const before = this.secretBox.open(endpoint.secret, `webhook_endpoints.secret ${row}`);
      const { secret, publicKey } = mintWebhookSecret(endpoint.signature);
      const expiresAt = graceSeconds === 0 ? null : new Date(Date.now() + graceSeconds * 1_000);
      await manager.update(
        WebhookEndpoint,
        { id },
        {
          secret: this.secretBox.seal(secret, `webhook_endpoints.secret ${row}`),
          public_key: publicKey,
          previous_secret: expiresAt && this.secretBox.seal(before, `webhook_endpoints.previous_secret ${row}`),
          previous_secret_expires_at: expiresAt,
        },
      );
      const changes = { previous_secret_expires_at: { before: null, after: expiresAt?.toISOString() ?? null } };
      record({ action: 'webhook_endpoint.secret_rotated', ...placeOf(owner), target: targetOf(endpoint), changes });
      return { ...(await this.read(owner, id, manager)), signing_secret: publicKey === null ? secret : null };
    });
  }
}

/** Columns of a locked endpoint, also those that queries leave out by default. */
const LOCKED = {
  id: true,
  url: true,
  events: true,
  description: true,
  is_enabled: true,
  signature: true,
  secret: true,
} as const;
type LockedWebhook = Pick<WebhookEndpoint, keyof typeof LOCKED>;

/** @throws AppError not_found (404) */
export async function lockWebhookOrThrow(
  manager: EntityManager,
  owner: WebhookOwner,
  id: string,
): Promise<LockedWebhook> {
  const where = { id, owner_id: ownerIdOf(owner) };
  const lock = { mode: 'pessimistic_write' } as const;
  return (await manager.findOne(WebhookEndpoint, { select: LOCKED, where, lock })) ?? webhookNotFound();
}

/** Waits until no other transaction adds an endpoint of the owner. @throws AppError limit_reached (409) */
export async function assertRoomForWebhook(manager: EntityManager, owner: WebhookOwner): Promise<void> {
  const owner_id = ownerIdOf(owner);
  await takeTurn(manager, 'webhooks', owner_id);
  await manager.query(LOCK_COUNT, [owner_id]);
  const count = await manager.countBy(WebhookEndpoint, { owner_id });
  if (count >= ENDPOINTS_MAX) throw coreErrors.limit_reached({ max: ENDPOINTS_MAX, what: 'webhook endpoints' });
}

/** Without a foreign key, its deliveries don't follow by themselves. */
export async function deleteWebhook(manager: EntityManager, id: string): Promise<void> {
  await manager.query('DELETE FROM webhook_deliveries WHERE endpoint_id = $1', [id]);
  await manager.delete(WebhookEndpoint, { id });
}

export function webhookNotFound(): never {
  throw notFound('Webhook endpoint');
}

function placeOf(owner: WebhookOwner) {
  const partnerId = owner !== 'installation' && 'partnerId' in owner ? owner.partnerId : null;
  return { orgId: orgIdOf(owner), partnerId };
}

function targetOf({ id, url }: Pick<WebhookEndpoint, 'id' | 'url'>) {
  return { type: 'webhook_endpoint', id, name: String(originOf(url)) };
}
