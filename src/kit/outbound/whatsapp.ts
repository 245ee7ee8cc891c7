import type { WhatsAppCloud } from './whatsapp-cloud.js';

/** WhatsApp, where the operator has configured it. Without it messages stay in the outbox. */
export class WhatsApp {
  constructor(readonly configured: WhatsAppCloud | undefined) {}
}
