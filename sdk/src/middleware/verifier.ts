import { type Decision, decisionOf } from './verify-answer.js';

export interface VerifierOptions {
  /** The URL of the Gatehouse server, such as `https://gatehouse.example.com`. */
  readonly url: string;
  /** The key of your service, from `gatehouse service key create`. */
  readonly serviceKey: string;
  /** The time to wait for an answer, after which the request is refused with 503. Default 2000. */
  readonly timeoutMs?: number;
  /** Called with the reason when a request gets a 503 because Gatehouse gave no usable answer. */
  readonly onFailure?: (error: unknown) => void;
  /** Replaces the HTTP client, such as the global `fetch`. It must keep connections alive and obey `signal`. */
  readonly fetch?: FetchLike;
}

/** The part of `fetch` that is used. */
export type FetchLike = (
  url: string,
  init: {
    readonly method: 'POST';
    readonly headers: Readonly<Record<string, string>>;
    readonly body: string;
    readonly redirect: 'manual';
    readonly signal: AbortSignal;
  },
) => Promise<{ readonly status: number; text(): Promise<string> }>;

/** What the decision depends on. */
export interface RequestFacts {
  readonly method: string;
  /** The path with its query as the client sent it: Gatehouse refuses paths that need normalizing. */
  readonly path: string;
  /** Undefined: unknown, which keys with allowed IPs don't accept. */
  readonly ip: string | undefined;
  readonly header: (name: string) => string | undefined;
  /** Aborted when the client is gone. */
  readonly signal: AbortSignal;
  /** The scope to require, instead of that of the declared route. */
  readonly scope: string | undefined;
}

/** The headers of the request that Gatehouse reads. */
const HEADERS = ['authorization', 'x-api-key', 'x-api-secret', 'origin', 'referer'];

const UNAVAILABLE: Decision = {
  headers: { 'Retry-After': '1' },
  refusal: {
    status: 503,
    body: {
      statusCode: 503,
      message: 'Access cannot be verified right now. Try again shortly.',
      code: 'verification_unavailable',
    },
  },
};

/** The client of `POST /v1/verify`. Keeps no answer, because a revoked key must be refused at once. */
export class Verifier {
  readonly #url: string;
  readonly #authorization: string;
  readonly #timeoutMs: number;
  readonly #onFailure: (error: unknown) => void;
  readonly #fetch: FetchLike;

  /**
   * @param fetchOfRuntime used unless the options have one
   * @throws TypeError without a valid URL or a service key
   */
  constructor(
    { url, serviceKey, timeoutMs = 2000, onFailure = () => undefined, fetch }: VerifierOptions,
    fetchOfRuntime: FetchLike,
  ) {
    if (!serviceKey) throw new TypeError('serviceKey is required: create it with "gatehouse service key create"');
    this.#url = new URL('/v1/verify', url).href;
    this.#authorization = `Bearer ${serviceKey}`;
    this.#timeoutMs = timeoutMs;
    this.#onFailure = onFailure;
    this.#fetch = fetch ?? fetchOfRuntime;
  }

  /** Never rejects: without a usable answer, the decision is a 503. */
  async decide(facts: RequestFacts): Promise<Decision> {
    try {
      return await this.#ask(facts);
    } catch (error) {
      if (!facts.signal.aborted) this.#report(error);
      return UNAVAILABLE;
    }
  }

  async #ask(facts: RequestFacts): Promise<Decision> {
    const { signal } = facts;
    signal.throwIfAborted();
    const controller = new AbortController();
    const cancel = () => controller.abort(signal.reason);
    signal.addEventListener('abort', cancel);
    const timer = setTimeout(
      () => controller.abort(new Error(`Gatehouse did not answer within ${this.#timeoutMs} ms.`)),
      this.#timeoutMs,
    );
    try {
      const response = await this.#fetch(this.#url, {
        method: 'POST',
        headers: { Authorization: this.#authorization, 'Content-Type': 'application/json' },
        body: JSON.stringify(questionOf(facts)),
        // The API never redirects, and not every runtime knows "error".
        redirect: 'manual',
        signal: controller.signal,
      });
      // An unread body would cost the connection.
      const text = await response.text();
      if (response.status !== 200) throw new Error(`Gatehouse answered ${response.status} to the service key.`);
      return decisionOf(JSON.parse(text));
    } finally {
      clearTimeout(timer);
      signal.removeEventListener('abort', cancel);
    }
  }

  #report(error: unknown): void {
    try {
      this.#onFailure(error);
    } catch {
      // The refusal must be sent all the same.
    }
  }
}

function questionOf({ method, path, ip, header, scope }: RequestFacts): object {
  const headers = Object.fromEntries(HEADERS.map((name) => [name, header(name)]));
  // With a method and a path, the declared route would have to match too.
  return { credential: { headers }, ip, ...(scope === undefined ? { method, path } : { scope }) };
}
