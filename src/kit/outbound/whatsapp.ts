import type { WhatsAppCloud } from './whatsapp-cloud.js';

/** The WhatsApp client, if the operator configured one. Otherwise messages stay in the outbox. */
export class WhatsApp {
  constructor(readonly configured: WhatsAppCloud | undefined) {}
}
