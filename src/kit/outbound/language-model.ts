import type { LanguageModelConfig } from '../../core/config/language-model-settings.js';
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
  /** JSON Schema of the answer: an object with only required fields. */
  readonly schema: object;
  readonly signal: AbortSignal;
}

/** A model with an OpenAI-compatible chat completions API. */
export class LanguageModel {
  readonly #outbound: Outbound;

  constructor(private readonly settings: LanguageModelConfig) {
    // The operator configured this host, so it may be private: a model can run on this machine.
    this.#outbound = new Outbound(new AllowedHosts([new URL(settings.baseUrl).host]));
  }

  /** @throws Error if there is no answer or it isn't an object. A retry may help. */
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
