import { validated } from '../../core/validation/request.pipe.js';
import { rowId } from '../../core/wire/row-id.js';
import { OPERATOR } from '../../kit/audit/actor.js';
import { pageMaker } from '../../kit/lists/list-queries.js';
import {
  CreateManagedWebhookDto,
  SendFailedDeliveriesDto,
  RotateWebhookSecretDto,
  UpdateManagedWebhookDto,
} from '../../kit/webhooks/managed-webhook.dto.js';
import { ManagedWebhooks } from '../../kit/webhooks/managed-webhooks.service.js';
import { DELIVERY_FILTERS, WebhookDeliveries } from '../../kit/webhooks/webhook-deliveries.service.js';
import { DELIVERY_STATUSES } from '../../kit/webhooks/webhook-delivery.entity.js';
import { SIGNATURES, WebhookEndpoint } from '../../kit/webhooks/webhook-endpoint.entity.js';
import type { WebhookOwner } from '../../kit/webhooks/webhook-owner.js';
import { Org } from '../../tenancy/orgs/org.entity.js';
import { Orgs } from '../../tenancy/orgs/orgs.service.js';
import { Partner } from '../../tenancy/partners/partner.entity.js';
import { Partners } from '../../tenancy/partners/partners.service.js';
import { type Call, defineCommand } from './command.js';
import { facts, table } from './text.js';

const PARTS = { services: [Orgs, Partners], entities: [Org, Partner, WebhookEndpoint] };
const LISTED_MAX = 100;
const NOT_SENT = 'A running server sends it.';

const OWNER = {
  org: { kind: 'text', placeholder: 'ID', help: 'of this org' },
  partner: { kind: 'text', placeholder: 'ID', help: 'of this partner; neither: of the installation' },
} as const;
const EVENTS = {
  kind: 'list',
  placeholder: 'EVENT',
  help: 'an event, a kind such as api_key.*, or *; repeatable',
} as const;

/** @throws AppError not_found (404) */
async function ownerIn({ options, service }: Call<typeof OWNER>): Promise<WebhookOwner> {
  if (options.org !== undefined) return { orgId: (await (await service(Orgs)).findOrThrow(rowId(options.org))).id };
  if (options.partner === undefined) return 'installation';
  return { partnerId: (await (await service(Partners)).findOrThrow(options.partner)).id };
}

export const webhookList = defineCommand({
  name: 'webhook list',
  summary: 'List webhook endpoints, newest first.',
  options: OWNER,
  parts: PARTS,
  async run(call) {
    const webhooks = await call.service(ManagedWebhooks);
    const { items } = (await webhooks.list(await ownerIn(call), pageMaker([], {})(LISTED_MAX))).parse();
    const rows = items.map(({ id, is_enabled, events, url }) => [id, is_enabled ? 'yes' : 'no', events.join(), url]);
    return { json: { items }, text: table(['ID', 'ENABLED', 'EVENTS', 'URL'], rows, 'There are no endpoints.') };
  },
});

export const webhookCreate = defineCommand({
  name: 'webhook create',
  summary: 'Create a webhook endpoint. Its secret is shown once.',
  options: {
    ...OWNER,
    url: { kind: 'text', placeholder: 'URL', help: 'https, on the public internet', isRequired: true },
    event: EVENTS,
    description: { kind: 'text', placeholder: 'TEXT', help: 'what it is for' },
    signature: { kind: 'text', placeholder: 'KIND', help: 'default: hmac', choices: SIGNATURES },
  },
  parts: PARTS,
  async run(call) {
    const { url, event: events = ['*'], description, signature } = call.options;
    const dto = validated({ url, events, description, signature }, CreateManagedWebhookDto);
    const made = await (await call.service(ManagedWebhooks)).create(OPERATOR, await ownerIn(call), dto);
    return { json: made, text: `Endpoint ${made.id}. ${secretText(made)}` };
  },
});

export const webhookUpdate = defineCommand({
  name: 'webhook update',
  argument: 'ID',
  summary: 'Change a webhook endpoint.',
  options: {
    ...OWNER,
    url: { kind: 'text', placeholder: 'URL', help: 'https, on the public internet' },
    event: EVENTS,
    description: { kind: 'text', placeholder: 'TEXT', help: 'what it is for' },
    enabled: { kind: 'text', placeholder: 'YES', help: 'whether events are sent', choices: ['true', 'false'] },
  },
  parts: PARTS,
  async run(call) {
    const { url, event: events, description, enabled } = call.options;
    const is_enabled = enabled === undefined ? undefined : enabled === 'true';
    const dto = validated({ url, events, description, is_enabled }, UpdateManagedWebhookDto);
    const webhooks = await call.service(ManagedWebhooks);
    const changed = await webhooks.update(OPERATOR, await ownerIn(call), rowId(call.argument), dto);
    const { id, events: subscribed } = changed;
    return {
      json: changed,
      text: facts({ id, url: changed.url, events: subscribed.join(), enabled: String(changed.is_enabled) }),
    };
  },
});

export const webhookDelete = defineCommand({
  name: 'webhook delete',
  argument: 'ID',
  summary: 'Delete a webhook endpoint with its deliveries.',
  options: OWNER,
  parts: PARTS,
  async run(call) {
    const { argument: id } = call;
    await (await call.service(ManagedWebhooks)).remove(OPERATOR, await ownerIn(call), rowId(id));
    return { json: { id, deleted: true }, text: `Endpoint ${id} is deleted.` };
  },
});

export const webhookRotateSecret = defineCommand({
  name: 'webhook rotate-secret',
  argument: 'ID',
  summary: 'Replace the secret of a webhook endpoint. Both sign for a day.',
  options: {
    ...OWNER,
    grace: { kind: 'text', placeholder: 'SECONDS', help: 'how long the old one signs too; default: 86400' },
  },
  parts: PARTS,
  async run(call) {
    const grace_seconds = call.options.grace === undefined ? undefined : Number(call.options.grace);
    const grace = validated({ grace_seconds }, RotateWebhookSecretDto).grace_seconds;
    const webhooks = await call.service(ManagedWebhooks);
    const rotated = await webhooks.rotateSecret(OPERATOR, await ownerIn(call), rowId(call.argument), grace);
    return { json: rotated, text: `Endpoint ${rotated.id} has a new secret. ${secretText(rotated)}` };
  },
});

export const webhookDeliveries = defineCommand({
  name: 'webhook deliveries',
  argument: 'ID',
  summary: 'List the newest 100 deliveries of a webhook endpoint.',
  options: {
    ...OWNER,
    status: { kind: 'text', placeholder: 'STATUS', help: 'only those', choices: DELIVERY_STATUSES },
  },
  parts: PARTS,
  async run(call) {
    const { status } = call.options;
    const page = pageMaker(Object.keys(DELIVERY_FILTERS), { status })(LISTED_MAX);
    const deliveries = await call.service(WebhookDeliveries);
    const { items } = (await deliveries.list(await ownerIn(call), rowId(call.argument), page)).parse();
    const rows = items.map((each) => [
      ...[each.id, each.created_at, each.type, each.status, String(each.attempts)],
      each.error ?? String(each.response_status ?? '-'),
    ]);
    const titles = ['ID', 'EVENT AT', 'TYPE', 'STATUS', 'ATTEMPTS', 'LAST ANSWER'];
    return { json: { items }, text: table(titles, rows, 'There are no deliveries.') };
  },
});

export const webhookReplay = defineCommand({
  name: 'webhook replay',
  argument: 'ID',
  summary: 'Send one delivery of a webhook endpoint again, or those that failed.',
  options: {
    ...OWNER,
    delivery: { kind: 'text', placeholder: 'ID', help: 'this delivery' },
    since: {
      kind: 'text',
      placeholder: 'INSTANT',
      help: 'failed ones from this time on, such as 2026-03-15T10:30:00Z',
    },
  },
  parts: PARTS,
  async run(call) {
    const { delivery, since } = call.options;
    const owner = await ownerIn(call);
    const deliveries = await call.service(WebhookDeliveries);
    if (delivery !== undefined) {
      const replayed = await deliveries.replay(owner, rowId(call.argument), rowId(delivery));
      return { json: replayed, text: `Delivery ${replayed.id} is due again. ${NOT_SENT}` };
    }
    const from = new Date(validated({ since }, SendFailedDeliveriesDto).since);
    const replayed = await deliveries.replayFailed(owner, rowId(call.argument), from);
    return { json: { replayed }, text: `Deliveries that are due again: ${replayed}. ${NOT_SENT}` };
  },
});

export const webhookTest = defineCommand({
  name: 'webhook test',
  argument: 'ID',
  summary: 'Send a test event to a webhook endpoint.',
  options: OWNER,
  parts: PARTS,
  async run(call) {
    const delivery = await (await call.service(WebhookDeliveries)).test(await ownerIn(call), rowId(call.argument));
    return { json: delivery, text: `Delivery ${delivery.id} is due. ${NOT_SENT}` };
  },
});

function secretText({
  signing_secret,
  public_key,
}: {
  signing_secret: string | null;
  public_key: string | null;
}): string {
  if (signing_secret === null) return `Its public key:\n${public_key}`;
  return `Its secret is not shown again:\n${signing_secret}`;
}
