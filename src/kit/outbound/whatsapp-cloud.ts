import type { WhatsAppConfig } from '../../core/config/config.js';
import { AllowedHosts } from './allowed-hosts.js';
import { Outbound, type OutboundRequest } from './outbound.js';

const TIMEOUT_MS = 20_000;
const ANSWER_BYTES_MAX = 256 * 1024;
const SERVER_ERROR = 500;
/** Retryable client errors, in addition to 5xx: the operator can renew the token, and rate limits end. */
const LATER: ReadonlySet<number> = new Set([401, 408, 425, 429]);
const REASON_CHARACTERS_MAX = 300;

/** A template message with the values of its variables. */
export interface TemplateMessage {
  /** E.164. */
  readonly to: string;
  readonly name: string;
  readonly language: string;
  readonly components: readonly {
    readonly type: string;
    readonly sub_type?: string;
    readonly index?: string;
    readonly parameters: readonly object[];
  }[];
}

/** A text, which WhatsApp accepts for 24 hours after the contact's last message. */
export interface TextMessage {
  /** E.164. */
  readonly to: string;
  readonly text: string;
}

export type CloudMessage = TemplateMessage | TextMessage;

/** A client of the WhatsApp Cloud API. */
export class WhatsAppCloud {
  readonly #outbound: Outbound;

  constructor(private readonly settings: WhatsAppConfig) {
    // The operator configured this host, so it may be private.
    this.#outbound = new Outbound(new AllowedHosts([new URL(settings.baseUrl).host]));
  }

  /**
   * @param key the same for every attempt to send one message
   * @returns WhatsApp's id of the message, or the reason of a permanent failure
   * @throws Error if a retry may help
   */
  async send(
    phoneNumberId: string,
    message: CloudMessage,
    key: string,
    signal: AbortSignal,
  ): Promise<{ readonly id: string | null } | { readonly refusal: string }> {
    const { status, answer } = await this.#ask(signal, {
      url: `${this.settings.baseUrl}/${encodeURIComponent(phoneNumberId)}/messages`,
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        'idempotency-key': key,
      },
      body: JSON.stringify({
        messaging_product: 'whatsapp',
        recipient_type: 'individual',
        to: message.to.replace('+', ''),
        ...contentOf(message),
      }),
    });
    if (status >= 300) return { refusal: `WhatsApp answered ${status}: ${reasonIn(answer)}` };
    const id: unknown = answer.messages?.[0]?.id;
    return { id: typeof id === 'string' ? id : null };
  }

  /**
   * Looks up a template by `GET /{business account}/message_templates`.
   * @returns WhatsApp's status, such as `APPROVED`; undefined if the account has no such template
   * @throws Error if the account can't be read or a retry may help
   */
  async templateStatus(
    businessAccountId: string,
    { name, language }: Pick<TemplateMessage, 'name' | 'language'>,
    signal: AbortSignal,
  ): Promise<string | undefined> {
    const query = new URLSearchParams({ name, language, fields: 'name,language,status', limit: '100' });
    const url = `${this.settings.baseUrl}/${encodeURIComponent(businessAccountId)}/message_templates?${query}`;
    const { status, answer } = await this.#ask(signal, { url });
    if (status >= 300) throw new Error(`WhatsApp answered ${status}: ${reasonIn(answer)}`);
    // WhatsApp also returns templates with longer names.
    const isIt = (found: { name?: unknown; language?: unknown }) => found.name === name && found.language === language;
    const found = Array.isArray(answer.data) ? answer.data.find(isIt) : undefined;
    return typeof found?.status === 'string' ? found.status : undefined;
  }

  /** @throws Error if a retry may help */
  async #ask(signal: AbortSignal, request: Pick<OutboundRequest, 'url' | 'method' | 'headers' | 'body'>) {
    const { status, body } = await this.#outbound.ask({
      ...request,
      headers: { ...request.headers, authorization: `Bearer ${this.settings.token}` },
      timeoutMs: TIMEOUT_MS,
      bodyBytesMax: ANSWER_BYTES_MAX,
      signal,
    });
    if (status >= SERVER_ERROR || LATER.has(status)) throw new Error(`WhatsApp answered ${status}`);
    return { status, answer: answerOf(body) };
  }
}

function contentOf(message: CloudMessage): object {
  if ('text' in message) return { type: 'text', text: { body: message.text } };
  const { name, language, components } = message;
  return { type: 'template', template: { name, language: { code: language }, components } };
}

interface CloudAnswer {
  readonly data?: readonly { readonly name?: unknown; readonly language?: unknown; readonly status?: unknown }[];
  readonly messages?: readonly { readonly id?: unknown }[];
  readonly error?: { readonly message?: unknown };
}

function answerOf(body: Buffer): CloudAnswer {
  try {
    return (JSON.parse(body.toString()) ?? {}) as CloudAnswer;
  } catch {
    return {};
  }
}

function reasonIn({ error }: CloudAnswer): string {
  const text = typeof error?.message === 'string' ? error.message : 'no reason given';
  return text.replaceAll('\0', '').slice(0, REASON_CHARACTERS_MAX).toWellFormed();
}
