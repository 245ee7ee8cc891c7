import { createHash, createHmac, type Hash, type Hmac } from 'node:crypto';
import type { SignatureV4 } from '@smithy/signature-v4';
import type { ObjectStorageConfig } from '../config/object-storage-settings.js';

export type Query = Readonly<Record<string, string>>;
type Headers = Readonly<Record<string, string>>;

interface Unsigned {
  readonly method: 'GET' | 'HEAD' | 'PUT' | 'DELETE';
  readonly url: URL;
  readonly query: Query;
}

/** Signs requests by AWS Signature Version 4, which all S3 APIs take. */
export class RequestSigner {
  #signer: Promise<SignatureV4> | undefined;

  constructor(private readonly config: ObjectStorageConfig) {}

  /**
   * Returns the headers to send.
   * @param sha256 of the body, in hexadecimal digits; the store refuses other content
   */
  async sign(request: Unsigned, sha256: string, headers: Headers = {}): Promise<Record<string, string>> {
    const signer = await this.#load();
    const signed = await signer.sign(partsOf(request, { ...headers, 'x-amz-content-sha256': sha256 }));
    return signed.headers;
  }

  #load(): Promise<SignatureV4> {
    // Loaded on first use, to keep the start fast.
    return (this.#signer ??= import('@smithy/signature-v4').then(
      ({ SignatureV4: Signer }) =>
        new Signer({
          service: 's3',
          region: this.config.region,
          credentials: { accessKeyId: this.config.accessKeyId, secretAccessKey: this.config.secretAccessKey },
          sha256: Sha256,
          uriEscapePath: false,
        }),
    ));
  }
}

/** Encodes a query as RFC 3986 does, which is also what is signed. */
export function encodeQuery(query: Query): string {
  const pairs = Object.entries(query).map(([name, value]) => `${encodeStrictly(name)}=${encodeStrictly(value)}`);
  return pairs.length === 0 ? '' : `?${pairs.join('&')}`;
}

export function encodeStrictly(text: string): string {
  return encodeURIComponent(text).replace(/[!'()*]/g, (each) => `%${each.charCodeAt(0).toString(16).toUpperCase()}`);
}

function partsOf({ method, url, query }: Unsigned, headers: Headers) {
  const { protocol, hostname, host } = url;
  return { method, protocol, hostname, path: url.pathname, query: { ...query }, headers: { ...headers, host } };
}

/** SHA-256, or HMAC-SHA-256 with a secret, in the form that the signer takes. */
class Sha256 {
  readonly #hash: Hash | Hmac;

  constructor(secret?: string | ArrayBuffer | ArrayBufferView) {
    this.#hash = secret === undefined ? createHash('sha256') : createHmac('sha256', bytesOf(secret));
  }

  update(chunk: Uint8Array): void {
    this.#hash.update(chunk);
  }

  digest(): Promise<Uint8Array> {
    return Promise.resolve(this.#hash.digest());
  }

  reset(): void {
    throw new Error('The signer hashes once.');
  }
}

function bytesOf(secret: string | ArrayBuffer | ArrayBufferView): string | Uint8Array {
  if (typeof secret === 'string') return secret;
  return ArrayBuffer.isView(secret)
    ? new Uint8Array(secret.buffer, secret.byteOffset, secret.byteLength)
    : new Uint8Array(secret);
}
