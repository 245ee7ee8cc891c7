import { Body, Delete, Get, Header, Patch, Post } from '@nestjs/common';
import { CurrentPrincipal } from '../../access/decorators/current-principal.js';
import type { Principal } from '../../access/principal/principal.js';
import { Answers, AnswersNothing, AnswersPage } from '../../core/wire/answers.js';
import { ReadQuery } from '../../core/wire/query-reader.js';
import type { Page, Wire, WireJson } from '../../core/wire/wire-json.js';
import { type Caller, CurrentCaller } from '../../kit/audit/actor.js';
import { Id } from '../../kit/crud/id.js';
import { Idempotent } from '../../kit/idempotency/idempotent.js';
import { ListQueries, type PageRequest } from '../../kit/lists/list-queries.js';
import { eventTypes } from '../../kit/webhooks/event-types.js';
import {
  CreateManagedWebhookDto,
  ManagedWebhook,
  ManagedWebhookDelivery,
  NewManagedWebhook,
  ReplayedDeliveries,
  SendFailedDeliveriesDto,
  RotateWebhookSecretDto,
  UpdateManagedWebhookDto,
  WebhookEventTypes,
} from '../../kit/webhooks/managed-webhook.dto.js';
import { ManagedWebhooks } from '../../kit/webhooks/managed-webhooks.service.js';
import { DELIVERY_FILTERS, WebhookDeliveries } from '../../kit/webhooks/webhook-deliveries.service.js';
import type { WebhookOwner } from '../../kit/webhooks/webhook-owner.js';

const ENDPOINTS = new ListQueries({});
const DELIVERIES = new ListQueries(DELIVERY_FILTERS);

/** Who may call the routes of one kind of owner. */
interface WebhookRoutes {
  /** Decorators, such as `RequireRole('Member')`. */
  readonly reads: MethodDecorator;
  readonly writes: MethodDecorator;
  ownerOf(principal: Principal): WebhookOwner;
}

/** Creates one class per owner, because route policies are stored by handler function. */
export function webhookRoutes({ reads, writes, ownerOf }: WebhookRoutes) {
  abstract class WebhookRoutesController {
    constructor(
      readonly webhooks: ManagedWebhooks,
      readonly deliveries: WebhookDeliveries,
    ) {}

    @Get()
    @reads
    @AnswersPage(ManagedWebhook, 'List webhook endpoints')
    list(
      @CurrentPrincipal() principal: Principal,
      @ReadQuery(ENDPOINTS) page: PageRequest,
    ): Promise<WireJson<Page<Wire<ManagedWebhook>>>> {
      return this.webhooks.list(ownerOf(principal), page);
    }

    @Post()
    @Header('Cache-Control', 'no-store')
    @writes
    @Answers(201, NewManagedWebhook, 'Create a webhook endpoint', { refusals: [409] })
    @Idempotent()
    create(
      @CurrentCaller() { principal, actor }: Caller,
      @Body() dto: CreateManagedWebhookDto,
    ): Promise<Wire<NewManagedWebhook>> {
      return this.webhooks.create(actor, ownerOf(principal), dto);
    }

    /** Not paged: forms offer all of it. */
    @Get('event-types')
    @reads
    @Answers(200, WebhookEventTypes, 'List the types of events')
    eventTypes(): WebhookEventTypes {
      return eventTypes();
    }

    @Get(':id')
    @reads
    @Answers(200, ManagedWebhook, 'Get a webhook endpoint')
    read(@CurrentPrincipal() principal: Principal, @Id() id: string): Promise<Wire<ManagedWebhook>> {
      return this.webhooks.read(ownerOf(principal), id);
    }

    @Patch(':id')
    @writes
    @Answers(200, ManagedWebhook, 'Change a webhook endpoint')
    update(
      @CurrentCaller() { principal, actor }: Caller,
      @Id() id: string,
      @Body() dto: UpdateManagedWebhookDto,
    ): Promise<Wire<ManagedWebhook>> {
      return this.webhooks.update(actor, ownerOf(principal), id, dto);
    }

    @Delete(':id')
    @writes
    @AnswersNothing('Delete a webhook endpoint', { description: 'With its deliveries.' })
    delete(@CurrentCaller() { principal, actor }: Caller, @Id() id: string): Promise<void> {
      return this.webhooks.remove(actor, ownerOf(principal), id);
    }

    @Post(':id/rotate-secret')
    @Header('Cache-Control', 'no-store')
    @writes
    @Answers(200, NewManagedWebhook, 'Replace the secret of a webhook endpoint', {
      description: 'Both secrets sign until the old one expires.',
    })
    @Idempotent()
    rotateSecret(
      @CurrentCaller() { principal, actor }: Caller,
      @Id() id: string,
      @Body() { grace_seconds }: RotateWebhookSecretDto,
    ): Promise<Wire<NewManagedWebhook>> {
      return this.webhooks.rotateSecret(actor, ownerOf(principal), id, grace_seconds);
    }

    @Post(':id/test')
    @writes
    @Answers(201, ManagedWebhookDelivery, 'Send a test event to a webhook endpoint', { refusals: [409] })
    @Idempotent()
    test(@CurrentPrincipal() principal: Principal, @Id() id: string): Promise<Wire<ManagedWebhookDelivery>> {
      return this.deliveries.test(ownerOf(principal), id);
    }

    @Post(':id/replay')
    @writes
    @Answers(200, ReplayedDeliveries, 'Send failed deliveries again', { refusals: [409] })
    @Idempotent()
    async replayFailed(
      @CurrentPrincipal() principal: Principal,
      @Id() id: string,
      @Body() { since }: SendFailedDeliveriesDto,
    ): Promise<ReplayedDeliveries> {
      return { replayed: await this.deliveries.replayFailed(ownerOf(principal), id, new Date(since)) };
    }

    @Get(':id/deliveries')
    @reads
    @AnswersPage(ManagedWebhookDelivery, 'List the deliveries of a webhook endpoint')
    listDeliveries(
      @CurrentPrincipal() principal: Principal,
      @Id() id: string,
      @ReadQuery(DELIVERIES) page: PageRequest,
    ): Promise<WireJson<Page<Wire<ManagedWebhookDelivery>>>> {
      return this.deliveries.list(ownerOf(principal), id, page);
    }

    @Get(':id/deliveries/:delivery_id')
    @reads
    @Answers(200, ManagedWebhookDelivery, 'Get a delivery')
    readDelivery(
      @CurrentPrincipal() principal: Principal,
      @Id() id: string,
      @Id('delivery_id') deliveryId: string,
    ): Promise<Wire<ManagedWebhookDelivery>> {
      return this.deliveries.read(ownerOf(principal), id, deliveryId);
    }

    @Post(':id/deliveries/:delivery_id/replay')
    @writes
    @Answers(200, ManagedWebhookDelivery, 'Send a delivery again', {
      description: 'Under the same `webhook-id`. A pending one is sent at once.',
      refusals: [409],
    })
    @Idempotent()
    replay(
      @CurrentPrincipal() principal: Principal,
      @Id() id: string,
      @Id('delivery_id') deliveryId: string,
    ): Promise<Wire<ManagedWebhookDelivery>> {
      return this.deliveries.replay(ownerOf(principal), id, deliveryId);
    }
  }

  Reflect.defineMetadata('design:paramtypes', [ManagedWebhooks, WebhookDeliveries], WebhookRoutesController);
  return WebhookRoutesController;
}
