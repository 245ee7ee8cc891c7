import { Body, Controller, Get, Post } from '@nestjs/common';
import { CurrentPrincipal } from '../../../access/decorators/current-principal.js';
import { RequireScope } from '../../../access/decorators/require-scope.js';
import type { Principal } from '../../../access/principal/principal.js';
import { Answers, AnswersPage } from '../../../core/wire/answers.js';
import { ReadQuery } from '../../../core/wire/query-reader.js';
import { Audited } from '../../../kit/crud/audited.js';
import { Id } from '../../../kit/crud/id.js';
import { Idempotent } from '../../../kit/idempotency/idempotent.js';
import { ListQueries, type PageRequest } from '../../../kit/lists/list-queries.js';
import { WebhookDelivery } from '../../../kit/webhooks/webhook-delivery.entity.js';
import { CreateWebhookEndpointDto, NewWebhookEndpoint } from './webhook.dto.js';
import { kit } from './webhooks.definition.js';
import { DELIVERY_FILTERS, WebhookEndpoints } from './webhooks.service.js';

const DELIVERIES = new ListQueries(DELIVERY_FILTERS);

@Controller('webhooks')
export class WebhooksController extends kit.Controller {
  constructor(override readonly service: WebhookEndpoints) {
    super(service);
  }

  @Post()
  @RequireScope('webhooks', 'write')
  @Answers(201, NewWebhookEndpoint, 'Create a webhook endpoint', {
    description: 'The key also needs the scopes to read what the events carry.',
    refusals: [409],
  })
  @Idempotent()
  @Audited()
  create(@CurrentPrincipal() principal: Principal, @Body() dto: CreateWebhookEndpointDto) {
    return this.service.add(principal, dto);
  }

  @Get(':id/deliveries')
  @RequireScope('webhooks', 'read')
  @AnswersPage(WebhookDelivery, 'List the deliveries of a webhook endpoint')
  listDeliveries(@CurrentPrincipal() principal: Principal, @Id() id: string, @ReadQuery(DELIVERIES) page: PageRequest) {
    return this.service.deliveries(principal, id, page);
  }
}
