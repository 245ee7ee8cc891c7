import type { LanguageModelConfig } from '../../core/config/config.js';
import { parseForeignJson } from '../../core/validation/exact-numbers.js';
import { AllowedHosts } from './allowed-hosts.js';
import { Outbound } from './outbound.js';

const TIMEOUT_MS = 120_000;
const ANSWER_BYTES_MAX = 4 * 1024 * 1024;
const SERVER_ERROR = 500;
const TOO_MANY = 429;

export interface ModelQuestion {
  readonly task: string;
  readonly input: string;
  /** JSON Schema of the answer, an object: all fields required, none else. */
  readonly schema: object;
  readonly signal: AbortSignal;
}

/** Any model behind the chat completions that OpenAI began and others offer too. */
export class LanguageModel {
  readonly #outbound: Outbound;

  constructor(private readonly settings: LanguageModelConfig) {
    // Whose address it is, is the operator's own business: a model may run on this very machine.
    this.#outbound = new Outbound(new AllowedHosts([new URL(settings.baseUrl).host]));
  }

  /** @throws Error when there is no answer, or none that is an object; asking again later may help */
  async answer({ task, input, schema, signal }: ModelQuestion): Promise<Readonly<Record<string, unknown>>> {
    signal.throwIfAborted();
    const { baseUrl, apiKey, model } = this.settings;
    const { status, body } = await this.#outbound.ask({
      url: `${baseUrl}/chat/completions`,
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        ...(apiKey === undefined ? {} : { authorization: `Bearer ${apiKey}` }),
      },
      body: JSON.stringify({
        model,
        temperature: 0,
        messages: [
          { role: 'system', content: task },
          { role: 'user', content: input },
        ],
        response_format: { type: 'json_schema', json_schema: { name: 'answer', strict: true, schema } },
      }),
      timeoutMs: TIMEOUT_MS,
      bodyBytesMax: ANSWER_BYTES_MAX,
      redirectsMax: 0,
      signal,
    });
    if (status !== 200) {
      const isBusy = status >= SERVER_ERROR || status === TOO_MANY;
      throw new Error(`The language model ${isBusy ? 'is busy' : 'refused the question'}: ${status}`);
    }
    return contentOf(body);
  }
}

function contentOf(body: Buffer): Record<string, unknown> {
  const { choices } = JSON.parse(body.toString()) as { choices?: { message?: { content?: unknown } }[] };
  const content: unknown = parseForeignJson(String(choices?.[0]?.message?.content));
  if (typeof content !== 'object' || content === null) throw new Error('The language model answered no object');
  return content as Record<string, unknown>;
}
