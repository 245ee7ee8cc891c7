import type { SettingReader } from './setting-reader.js';

export interface ObjectStorageConfig {
  /** Of an S3 API, without a trailing slash. */
  readonly endpoint: string;
  readonly region: string;
  readonly bucket: string;
  /** Of all keys; empty, or with a trailing slash. */
  readonly prefix: string;
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  /** The bucket is the first part of the path, not of the host. */
  readonly isPathStyle: boolean;
  /** Without progress, until the store counts as down. */
  readonly timeoutMs: number;
}

/** Reads `S3_*`. Undefined without `S3_BUCKET`. */
export function objectStorageOf(read: SettingReader): ObjectStorageConfig | undefined {
  const endpoint = read.optionalUrl('S3_ENDPOINT', ['http', 'https']);
  const region = read.matching('S3_REGION', 'us-east-1', /^[a-z0-9-]{1,60}$/);
  // Path style needs no wildcard certificate and no name per bucket, which most stores of one's own don't have.
  const isPathStyle = read.boolean('S3_FORCE_PATH_STYLE', endpoint !== undefined);
  const bucket = read.optionalMatching('S3_BUCKET', /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/);
  const prefix = read.matching('S3_PREFIX', 'gatehouse/', /^([\w-][\w.-]{0,99}\/){1,5}$/);
  const accessKeyId = read.text('S3_ACCESS_KEY_ID', '');
  const secretAccessKey = read.text('S3_SECRET_ACCESS_KEY', '');
  const timeoutMs = read.integer('S3_TIMEOUT_MS', 5_000, { min: 500, max: 300_000 });
  if (bucket === undefined) {
    if (endpoint !== undefined) read.refuse('S3_BUCKET', 'is required with S3_ENDPOINT');
    return undefined;
  }
  if (accessKeyId === '') read.refuse('S3_ACCESS_KEY_ID', 'is required with S3_BUCKET');
  if (secretAccessKey === '') read.refuse('S3_SECRET_ACCESS_KEY', 'is required with S3_BUCKET');
  return {
    endpoint: endpoint ?? `https://s3.${region}.amazonaws.com`,
    region,
    bucket,
    prefix,
    accessKeyId,
    secretAccessKey,
    isPathStyle,
    timeoutMs,
  };
}
