import { About, Field } from '../../../core/wire/field.js';
import { kit } from './webhooks.definition.js';

export class CreateWebhookEndpointDto extends kit.CreateDto {}

export class NewWebhookEndpoint extends kit.Row {
  @About('Verifies the signatures (Standard Webhooks, `v1`). It is not shown again.')
  @Field()
  signing_secret: string;
}
