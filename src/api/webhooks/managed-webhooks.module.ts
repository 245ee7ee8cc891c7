import { Module } from '@nestjs/common';
import { ManageWebhooksController } from './manage-webhooks.controller.js';
import { OperatorWebhooksController } from './operator-webhooks.controller.js';
import { PartnerWebhooksController } from './partner-webhooks.controller.js';

/** Webhook endpoints of orgs, partners and the installation, with the same routes for each. */
@Module({ controllers: [ManageWebhooksController, PartnerWebhooksController, OperatorWebhooksController] })
export class ManagedWebhooksModule {}
