import { createPublicKey, type KeyObject, verify } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { CONFIG, type Config } from '../../core/config/config.js';
import { LOG, type Log } from '../../core/logging/log.js';
import { Outbound } from '../../kit/outbound/outbound.js';
import { leakErrors } from './leaks.errors.js';

const PATH = '/meta/public_keys/secret_scanning';
const TIMEOUT_MS = 5_000;
const BYTES_MAX = 64 * 1024;
const KEYS_MAX = 50;
/** Between two requests for the keys, so that invented ids cost GitHub and this server nothing. */
const ASK_AGAIN_MS = 60_000;
/** A key that GitHub no longer lists stops counting after this time, as long as GitHub can be reached. */
const KEPT_MS = 24 * 60 * 60_000;

type Keys = ReadonlyMap<string, KeyObject>;

/** The public keys that GitHub signs reports of leaked secrets with. */
@Injectable()
export class GithubKeys {
  #keys: Keys | undefined;
  /** Monotonic milliseconds. */
  #readAt = -Infinity;
  #askedAt = -Infinity;
  #asking: Promise<void> | undefined;

  constructor(
    private readonly outbound: Outbound,
    @Inject(CONFIG) private readonly config: Pick<Config, 'secretScanning'>,
    @Inject(LOG) private readonly log: Log,
  ) {}

  /**
   * Whether the signature is GitHub's: ECDSA over P-256 and SHA-256, DER in base64.
   * @throws AppError github_keys_unavailable (503) when no keys are known
   */
  async isSigned(body: Buffer, keyId: string, signature: string): Promise<boolean> {
    const key = await this.#keyOf(keyId);
    return key !== undefined && verify('sha256', body, key, Buffer.from(signature, 'base64'));
  }

  async #keyOf(id: string): Promise<KeyObject | undefined> {
    const isStale = performance.now() - this.#readAt >= KEPT_MS;
    if (isStale || !this.#keys!.has(id)) await this.#refresh();
    if (this.#keys === undefined) throw leakErrors.github_keys_unavailable({ headers: { 'Retry-After': '60' } });
    return this.#keys.get(id);
  }

  /** Requests meanwhile share one question. */
  async #refresh(): Promise<void> {
    if (this.#asking === undefined) {
      if (performance.now() - this.#askedAt < ASK_AGAIN_MS) return;
      this.#askedAt = performance.now();
      this.#asking = this.#ask().finally(() => (this.#asking = undefined));
    }
    await this.#asking;
  }

  /** A failure leaves the known keys. */
  async #ask(): Promise<void> {
    try {
      const { status, body } = await this.outbound.ask({
        url: `${this.config.secretScanning!.githubApiUrl}${PATH}`,
        headers: { accept: 'application/json' },
        timeoutMs: TIMEOUT_MS,
        bodyBytesMax: BYTES_MAX,
      });
      const keys = status === 200 ? keysIn(body) : undefined;
      if (keys === undefined) throw new Error(`GitHub answered ${status}, not with a list of public keys`);
      this.#keys = keys;
      this.#readAt = performance.now();
    } catch (error) {
      this.log.warn({ err: error }, "the public keys of GitHub's secret scanning could not be read");
    }
  }
}

/** @returns undefined for an answer in another form; leaves out keys of other algorithms */
function keysIn(body: Buffer): Keys | undefined {
  const { public_keys: listed } = (parsed(body) ?? {}) as { public_keys?: unknown };
  if (!Array.isArray(listed)) return undefined;
  const keys = listed.slice(0, KEYS_MAX).flatMap((entry: { key_identifier?: unknown; key?: unknown } | null) => {
    const { key_identifier: id, key: pem } = entry ?? {};
    const key = typeof id === 'string' && typeof pem === 'string' ? p256Key(pem) : undefined;
    return key === undefined ? [] : [[id as string, key] as const];
  });
  return keys.length === 0 ? undefined : new Map(keys);
}

function parsed(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString('utf8')) as unknown;
  } catch {
    return undefined;
  }
}

function p256Key(pem: string): KeyObject | undefined {
  try {
    const key = createPublicKey(pem);
    return key.asymmetricKeyDetails?.namedCurve === 'prime256v1' ? key : undefined;
  } catch {
    return undefined;
  }
}
