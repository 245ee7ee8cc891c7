import { createHash } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';
import { Answer } from '../wire/answer.js';
import { acceptedEncoding, type Encoding } from './accepted-encoding.js';

/** Higher qualities cost seconds of CPU time and save a few percent. */
const BROTLI = { params: { [constants.BROTLI_PARAM_QUALITY]: 9 } };
const gzipped = promisify(gzip as (plain: Buffer, done: (error: Error | null, body: Buffer) => void) => void);
const brotlied = promisify(brotliCompress);
const ENCODERS = {
  br: (plain: Buffer) => brotlied(plain, BROTLI),
  gzip: (plain: Buffer) => gzipped(plain),
};
const ALL_ENCODINGS: ReadonlySet<Encoding> = new Set(['br', 'gzip', 'identity']);
const GZIP_ONLY: ReadonlySet<Encoding> = new Set(['gzip', 'identity']);
/** Shorter bodies fit into one packet. */
const COMPRESSED_BYTES_MIN = 1_024;

interface CachedHeaders {
  readonly type: string;
  readonly cacheControl: string;
  /** Further headers. */
  readonly others?: Readonly<Record<string, string>>;
}

/** A body that rarely changes, with an ETag for clients' caches. Each encoding is computed once. */
export class CachedBody {
  /** Without a content encoding. */
  readonly bytes: number;
  readonly #headers: Readonly<Record<string, string>>;
  readonly #etag: string;
  readonly #encodings: { has(encoding: Encoding): boolean };
  readonly #bodies: Map<Encoding, Buffer | Promise<Buffer>>;

  /** @param bodies by encoding; must include `identity` */
  constructor(
    { type, cacheControl, others }: CachedHeaders,
    bodies: ReadonlyMap<Encoding, Buffer>,
    encodings: { has(encoding: Encoding): boolean } = bodies,
  ) {
    this.bytes = bodies.get('identity')!.length;
    this.#bodies = new Map(bodies);
    this.#encodings = encodings;
    // Weak, because all encodings share it.
    this.#etag = `W/"${createHash('sha256').update(bodies.get('identity')!).digest('base64url').slice(0, 12)}"`;
    const headers = { 'content-type': type, 'cache-control': cacheControl, etag: this.#etag, vary: 'accept-encoding' };
    this.#headers = { ...others, ...headers };
  }

  /** Computes each encoding when it is first requested. */
  static of(headers: CachedHeaders, content: string | Buffer): CachedBody {
    const plain = Buffer.from(content);
    const bodies = new Map<Encoding, Buffer>([['identity', plain]]);
    return new CachedBody(headers, bodies, plain.length < COMPRESSED_BYTES_MIN ? bodies : ALL_ENCODINGS);
  }

  /** Answers 304 if `If-None-Match` matches. */
  async answerTo(headers: IncomingHttpHeaders): Promise<Answer> {
    if (isNotModified(headers, this.#etag)) {
      const { 'content-type': _, ...kept } = this.#headers;
      return new Answer(undefined, { status: 304, headers: kept });
    }
    const encoding = acceptedEncoding(headers['accept-encoding'], this.#encodings);
    const body = await this.#bodyIn(encoding);
    if (encoding === 'identity') return new Answer(body, { headers: this.#headers });
    return new Answer(body, { headers: { ...this.#headers, 'content-encoding': encoding } });
  }

  #bodyIn(encoding: Encoding): Buffer | Promise<Buffer> {
    let body = this.#bodies.get(encoding);
    if (body === undefined) {
      body = ENCODERS[encoding as 'br' | 'gzip'](this.#bodies.get('identity') as Buffer);
      this.#bodies.set(encoding, body);
      body.catch(() => this.#bodies.delete(encoding));
    }
    return body;
  }
}

/** Answers a text that is different each time. Compresses it off the event loop if the client accepts that. */
export async function compressedAnswer(
  requested: IncomingHttpHeaders,
  contentType: string,
  text: string,
): Promise<Answer> {
  const headers = { 'content-type': contentType, vary: 'accept-encoding' };
  const plain = Buffer.from(text);
  const encoding = acceptedEncoding(requested['accept-encoding'], GZIP_ONLY);
  if (encoding === 'identity' || plain.length < COMPRESSED_BYTES_MIN) return new Answer(plain, { headers });
  return new Answer(await ENCODERS.gzip(plain), { headers: { ...headers, 'content-encoding': 'gzip' } });
}

/** True if `If-None-Match` contains the tag, by weak comparison (RFC 9110 section 13.1.2). */
export function isNotModified(headers: IncomingHttpHeaders, etag: string): boolean {
  const given = headers['if-none-match'];
  if (given === undefined) return false;
  if (given.trim() === '*') return true;
  const opaque = etag.replace(/^W\//, '');
  return [...given.matchAll(/"[^"]*"/g)].some(([tag]) => tag === opaque);
}
