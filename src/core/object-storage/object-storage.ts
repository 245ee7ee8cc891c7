import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import type { ObjectStorageConfig } from '../config/object-storage-settings.js';
import { ObjectStorageFailure } from './object-storage-failure.js';
import { type ObjectContent, type StoreAnswer, StoreConnection, type StoreRequest } from './store-connection.js';
import { readXml } from './xml.js';

const METADATA = 'x-amz-meta-';

export interface StoredObject {
  /** Without the configured prefix. */
  readonly key: string;
  readonly bytes: number;
  readonly modifiedAt: Date;
}

/** Short texts that the store keeps with an object. */
export type Metadata = Readonly<Record<string, string | undefined>>;

export interface OpenedObject {
  readonly bytes: number;
  /** Must be read to its end or destroyed. It fails if the store goes away or stays silent. */
  readonly content: Readable;
}

/**
 * Objects by key in one bucket, below the configured prefix, through the S3 API. It makes no check of its own against
 * SSRF: the operator names the store.
 *
 * All methods throw ObjectStorageFailure, within the configured timeout without progress.
 */
export class ObjectStorage {
  readonly #connection: StoreConnection;

  constructor(private readonly config: ObjectStorageConfig) {
    this.#connection = new StoreConnection(config);
  }

  /** For messages: the bucket and the prefix. */
  get location(): string {
    return `s3://${this.config.bucket}/${this.config.prefix}`;
  }

  /** Writes an object, streaming it. The store verifies the SHA-256 that the request was signed with. */
  async put(key: string, content: Buffer | ObjectContent, metadata: Metadata = {}): Promise<void> {
    const sent = Buffer.isBuffer(content) ? contentOf(content) : content;
    const headers = Object.fromEntries(Object.entries(metadata).map(([name, text = '']) => [METADATA + name, text]));
    const answer = await this.#ask('PUT', key, { content: sent, headers });
    await answer.body.dump();
    if (answer.statusCode === 404) throw missingBucket(this.config.bucket);
  }

  /** Opens an object for reading. Returns undefined if there is none. */
  async get(key: string): Promise<OpenedObject | undefined> {
    const answer = await this.#ask('GET', key);
    if (await isMissing(answer)) return undefined;
    return { bytes: Number(answer.headers['content-length']), content: answer.body };
  }

  /** Reads a small object. Returns undefined if there is none. */
  async read(key: string): Promise<Buffer | undefined> {
    const answer = await this.#ask('GET', key);
    return (await isMissing(answer)) ? undefined : Buffer.from(await answer.body.bytes());
  }

  /** Returns undefined if there is no such object. */
  async head(key: string): Promise<(StoredObject & { readonly metadata: Metadata }) | undefined> {
    const answer = await this.#ask('HEAD', key);
    await answer.body.dump();
    if (answer.statusCode === 404) return undefined;
    const { 'content-length': bytes, 'last-modified': modified } = answer.headers;
    return { key, bytes: Number(bytes), modifiedAt: new Date(String(modified)), metadata: metadataOf(answer) };
  }

  /** Deletes an object, if it exists. */
  async delete(key: string): Promise<void> {
    const answer = await this.#ask('DELETE', key);
    if (await isMissing(answer)) return;
    await answer.body.dump();
  }

  /** Lists the objects whose keys start with `prefix`, in the order of their keys, in pages of at most `pageSize`. */
  async *list(prefix = '', pageSize = 1_000): AsyncGenerator<readonly StoredObject[]> {
    let token: string | undefined;
    do {
      const query = {
        'list-type': '2',
        'max-keys': String(pageSize),
        prefix: this.config.prefix + prefix,
        ...(token !== undefined && { 'continuation-token': token }),
      };
      const answer = await this.#connection.ask({ method: 'GET', key: '', query });
      if (answer.statusCode === 404) throw missingBucket(this.config.bucket);
      const { texts, entries } = readXml(await answer.body.text());
      yield entries.map(({ Key, Size, LastModified }) => ({
        key: Key!.slice(this.config.prefix.length),
        bytes: Number(Size),
        modifiedAt: new Date(LastModified!),
      }));
      token = texts['IsTruncated'] === 'true' ? texts['NextContinuationToken'] : undefined;
    } while (token !== undefined);
  }

  /** Ends all connections. */
  close(): Promise<void> {
    return this.#connection.close();
  }

  #ask(
    method: StoreRequest['method'],
    key: string,
    sent: Pick<StoreRequest, 'content' | 'headers'> = {},
  ): Promise<StoreAnswer> {
    return this.#connection.ask({ method, key: this.config.prefix + key, ...sent });
  }
}

function contentOf(buffer: Buffer): ObjectContent {
  const sha256 = createHash('sha256').update(buffer).digest('hex');
  return { bytes: buffer.length, sha256, open: () => Readable.from(buffer, { objectMode: false }) };
}

function metadataOf({ headers }: StoreAnswer): Metadata {
  const own = Object.entries(headers).filter(([name]) => name.startsWith(METADATA));
  return Object.fromEntries(own.map(([name, value]) => [name.slice(METADATA.length), String(value)]));
}

/** Reads a 404. A missing bucket is a fault, unlike a missing object. */
async function isMissing({ statusCode, body }: StoreAnswer): Promise<boolean> {
  if (statusCode !== 404) return false;
  const { Code: code } = readXml(await body.text()).texts;
  if (code === 'NoSuchBucket') throw new ObjectStorageFailure('refused', 'the bucket does not exist');
  return true;
}

function missingBucket(bucket: string): ObjectStorageFailure {
  return new ObjectStorageFailure('refused', `the bucket ${bucket} does not exist`);
}
