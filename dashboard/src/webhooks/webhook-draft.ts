import type { SignatureKind, Webhook, WebhookSettings } from '../api/wire';

/** The values of the form of an endpoint, by their names in the API. */
export interface WebhookDraft {
  url: string;
  description: string;
  events: string[];
  signature: SignatureKind;
}

export function webhookDraftOf(webhook: Webhook | undefined): WebhookDraft {
  return {
    url: webhook?.url ?? '',
    description: webhook?.description ?? '',
    events: [...(webhook?.events ?? [])],
    signature: webhook?.signature ?? 'hmac',
  };
}

export function webhookSettingsOf({ url, description, events }: WebhookDraft): Omit<WebhookSettings, 'is_enabled'> {
  // The server validates them.
  const subscriptions = events as WebhookSettings['events'];
  return { url: url.trim(), description: description.trim() || null, events: subscriptions };
}

/** Problems by field. The server validates again. */
export function validateWebhook({ url, events }: WebhookDraft): Partial<Record<keyof WebhookDraft, string>> {
  return {
    ...(!/^https?:\/\/\S+$/.test(url.trim()) && { url: 'Enter a URL that begins with https://.' }),
    ...(events.length === 0 && { events: 'Choose at least one event.' }),
  };
}
