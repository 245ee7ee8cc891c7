import { createHash } from 'node:crypto';
import { pipeline, type Readable, Transform } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Dispatcher, Pool } from 'undici';
import type { ObjectStorageConfig } from '../config/object-storage-settings.js';
import { ObjectStorageFailure } from './object-storage-failure.js';
import { encodeQuery, encodeStrictly, type Query, RequestSigner } from './request-signer.js';
import { readXml } from './xml.js';

/** Content that can be sent again. */
export interface ObjectContent {
  readonly bytes: number;
  /** In hexadecimal digits. */
  readonly sha256: string;
  /** Called once for each attempt. */
  readonly open: () => Readable;
}

export interface StoreRequest {
  readonly method: 'GET' | 'HEAD' | 'PUT' | 'DELETE';
  /** Empty: the bucket itself. */
  readonly key: string;
  readonly query?: Query;
  readonly content?: ObjectContent;
  readonly headers?: Readonly<Record<string, string>>;
}

export type StoreAnswer = Pick<Dispatcher.ResponseData, 'statusCode' | 'headers' | 'body'>;

const EMPTY_SHA256 = createHash('sha256').digest('hex');
/** All operations can be repeated: an object is written under its own key with the same content. */
const ATTEMPTS = 2;
const RETRY_AFTER_MS = 200;

/**
 * Sends signed requests to the operator's store, whose address may be private. A store that stays silent for the
 * timeout, or ends the connection, counts as down; a long transfer does not.
 */
export class StoreConnection {
  readonly #signer: RequestSigner;
  readonly #base: URL;
  #pool: Promise<Pool> | undefined;

  constructor(private readonly config: ObjectStorageConfig) {
    this.#signer = new RequestSigner(config);
    this.#base = baseOf(config);
  }

  /**
   * Returns the answer if its status is below 300, or 404. The body of a GET must be read or destroyed.
   * @throws ObjectStorageFailure
   */
  async ask(request: StoreRequest): Promise<StoreAnswer> {
    for (let attempt = 1; ; attempt++) {
      try {
        return await this.#attempt(request);
      } catch (error) {
        const failure = failureOf(error, request);
        if (failure.reason !== 'unreachable' || attempt === ATTEMPTS) throw failure;
        await sleep(RETRY_AFTER_MS * (0.5 + Math.random()));
      }
    }
  }

  /** Ends all connections. */
  async close(): Promise<void> {
    await (await this.#pool)?.destroy();
  }

  async #attempt({ method, key, query = {}, content, headers: given }: StoreRequest): Promise<StoreAnswer> {
    const url = new URL(this.#base.href + key.split('/').map(encodeStrictly).join('/'));
    const headers = await this.#signer.sign({ method, url, query }, content?.sha256 ?? EMPTY_SHA256, given);
    if (content) headers['content-length'] = String(content.bytes);
    const pool = await this.#connect();
    const silence = new Silence(this.config.timeoutMs);
    const body = content && silence.watch(content.open());
    try {
      const path = url.pathname + encodeQuery(query);
      // `headersTimeout` doesn't run while the body is being sent.
      const answer = await pool.request({ method, path, headers, body, signal: silence.signal, headersTimeout: 0 });
      if (answer.statusCode >= 300 && answer.statusCode !== 404) throw await refusalOf(answer, `${method} ${key}`);
      return answer;
    } catch (error) {
      body?.destroy();
      throw error;
    } finally {
      silence.end();
    }
  }

  #connect(): Promise<Pool> {
    // Loaded on first use: importing undici would double the startup time.
    return (this.#pool ??= import('undici').then(
      ({ Pool: Connections }) =>
        new Connections(this.#base.origin, {
          connect: { timeout: this.config.timeoutMs },
          bodyTimeout: this.config.timeoutMs,
        }),
    ));
  }
}

/** Aborts a request after a time without progress. */
class Silence {
  readonly #controller = new AbortController();
  readonly #timer: NodeJS.Timeout;

  constructor(timeoutMs: number) {
    const reason = () => new ObjectStorageFailure('timeout', `no progress for ${timeoutMs} ms`);
    this.#timer = setTimeout(() => this.#controller.abort(reason()), timeoutMs);
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  /** Counts each chunk that the connection takes as progress. */
  watch(content: Readable): Readable {
    const transform = (chunk: Buffer, _encoding: BufferEncoding, done: (error: null, chunk: Buffer) => void) => {
      this.#timer.refresh();
      done(null, chunk);
    };
    return pipeline(content, new Transform({ transform }), () => undefined);
  }

  end(): void {
    clearTimeout(this.#timer);
  }
}

function baseOf({ endpoint, bucket, isPathStyle }: ObjectStorageConfig): URL {
  const url = new URL(endpoint.endsWith('/') ? endpoint : `${endpoint}/`);
  if (isPathStyle) url.pathname += `${bucket}/`;
  else url.hostname = `${bucket}.${url.hostname}`;
  return url;
}

async function refusalOf({ statusCode, body }: StoreAnswer, what: string): Promise<ObjectStorageFailure> {
  const text = await body.text();
  const { Code: code = '', Message: message = '' } = readXml(text).texts;
  const reason = statusCode >= 500 || statusCode === 429 ? 'unreachable' : 'refused';
  return new ObjectStorageFailure(reason, `${what}: ${[statusCode, code, message].join(' ').trim()}`);
}

function failureOf(error: unknown, { method, key }: StoreRequest): ObjectStorageFailure {
  if (error instanceof ObjectStorageFailure) return error;
  const { code } = error as { code?: string };
  const reason = code === 'UND_ERR_CONNECT_TIMEOUT' ? 'timeout' : 'unreachable';
  return new ObjectStorageFailure(reason, `${method} ${key}: ${(error as Error).message}`, { cause: error });
}
