import type { WhatsAppConfig } from '../config/config.js';
import { AllowedHosts } from './allowed-hosts.js';
import { Outbound } from './outbound.js';

const TIMEOUT_MS = 20_000;
const ANSWER_BYTES_MAX = 256 * 1024;
const SERVER_ERROR = 500;
/** Worth trying again, as all of the server's own faults are: the token may be renewed, the limit be over. */
const LATER: ReadonlySet<number> = new Set([401, 408, 425, 429]);
const REASON_CHARACTERS_MAX = 300;

/** A message of a template, with what stands for its variables. */
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

/** An API as WhatsApp's Cloud API. */
export class WhatsAppCloud {
  readonly #outbound: Outbound;

  constructor(private readonly settings: WhatsAppConfig) {
    // Whose address it is, is the operator's own business.
    this.#outbound = new Outbound(new AllowedHosts([new URL(settings.baseUrl).host]));
  }

  /**
   * @param key the same for every try of one message
   * @returns what WhatsApp calls it, or why it never will be sent
   * @throws Error when trying again later may help
   */
  async send(
    phoneNumberId: string,
    { to, name, language, components }: TemplateMessage,
    key: string,
    signal: AbortSignal,
  ): Promise<{ readonly id: string | null } | { readonly refusal: string }> {
    const { status, body } = await this.#outbound.ask({
      url: `${this.settings.baseUrl}/${encodeURIComponent(phoneNumberId)}/messages`,
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        authorization: `Bearer ${this.settings.token}`,
        'idempotency-key': key,
      },
      body: JSON.stringify({
        messaging_product: 'whatsapp',
        recipient_type: 'individual',
        to: to.replace('+', ''),
        type: 'template',
        template: { name, language: { code: language }, components },
      }),
      timeoutMs: TIMEOUT_MS,
      bodyBytesMax: ANSWER_BYTES_MAX,
      signal,
    });
    const answer = answerOf(body);
    if (status >= SERVER_ERROR || LATER.has(status)) throw new Error(`WhatsApp answered ${status}`);
    if (status >= 300) return { refusal: `WhatsApp answered ${status}: ${reasonIn(answer)}` };
    const id: unknown = answer.messages?.[0]?.id;
    return { id: typeof id === 'string' ? id : null };
  }
}

interface CloudAnswer {
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
