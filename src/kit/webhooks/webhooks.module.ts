import { Global, Module } from '@nestjs/common';
import { WebhookSender } from './webhook-sender.service.js';
import { Webhooks } from './webhooks.service.js';

/** Signed calls of customers' endpoints at events. Features publish with `Webhooks`. */
@Global()
@Module({ providers: [Webhooks, WebhookSender], exports: [Webhooks] })
export class WebhooksModule {}
