import { Injectable } from '@nestjs/common';
import { hash } from 'node:crypto';
import type { FastifyRequest } from 'fastify';
import { MoreThan, type EntityManager } from 'typeorm';
import { waitUntilInForce } from '../../access/freshness/in-force.js';
import { headerOf } from '../../core/http/header-of.js';
import { principalOf } from '../../access/principal/request.js';
import { Database } from '../../core/database/database.js';
import { inSurroundingTransaction, whenCommitted } from '../../core/database/transaction.js';
import { SecretBox } from '../../core/encryption/secret-box.js';
import { coreErrors } from '../../core/errors/core-errors.js';
import { idempotencyErrors } from './idempotency.errors.js';
import { ArrivingBody } from '../../core/http/arriving-body.js';
import { hasForm } from '../../core/http/incoming-form.js';
import { WireJson } from '../../core/wire/wire-json.js';
import { IdempotencyRecord } from './idempotency-record.entity.js';

const HEADER = 'idempotency-key';
const PURPOSE = 'idempotency_records.answer';
const REMEMBERED_MS = 24 * 3_600_000;
/** Printable ASCII, usually a UUID. The quotes of the draft's syntax count as part of the key. */
const KEY = /^[\x21-\x7e]{1,255}$/;

/**
 * Applies an effect once per Idempotency-Key (draft-ietf-httpapi-idempotency-key-header-07), also with concurrent
 * requests and after a crash: the record commits with the effect. Only successes are recorded.
 */
@Injectable()
export class Idempotency {
  constructor(
    private readonly database: Database,
    private readonly secretBox: SecretBox,
  ) {}

  /**
   * Returns the answer of `effect`, or the recorded JSON of its first answer. Without the header it only runs `effect`.
   * @param prepare fetches data from third parties for `effect`. It holds no connection and is skipped for a repeat, but
   *   can run more than once per key
   * @param effect writes only through `inTransaction` or `Database.manager`
   * @throws AppError invalid_request (400), idempotency_in_progress (409), idempotency_key_reused (422)
   */
  async once<Answer, Prepared>(
    request: FastifyRequest,
    prepare: (() => Promise<Prepared>) | undefined,
    effect: (prepared: Prepared | undefined) => Promise<Answer>,
  ): Promise<Answer | WireJson<Answer>> {
    const key = headerOf(request, HEADER);
    // The handler receives forms, so their digest isn't known yet.
    if (key === undefined || hasForm(request)) return effect(await prepare?.());
    if (!KEY.test(key)) {
      throw coreErrors.invalid_request({ message: 'Idempotency-Key must be 1 to 255 printable characters' });
    }
    const path = request.url.split('?', 1)[0];
    const id = hash('sha256', [principalOf(request).id, request.method, path, key].join('\n'));
    const bodyDigest = hash('sha256', canonicalJson(readBodyOf(request)));
    const known = prepare && (await this.#first(this.database.manager, id));
    if (known) return this.#replay(known, bodyDigest);
    const prepared = await prepare?.();
    return inSurroundingTransaction(this.database.dataSource, async (manager) => {
      const [{ locked }] = (await manager.query('SELECT pg_try_advisory_xact_lock($1) AS locked', [lockOf(id)])) as [
        { locked: boolean },
      ];
      if (!locked) throw idempotencyErrors.idempotency_in_progress();
      const first = await this.#first(manager, id);
      if (first) return this.#replay<Answer>(first, bodyDigest);
      const answer = await effect(prepared);
      await this.#remember(manager, id, bodyDigest, answer);
      return answer;
    });
  }

  #first(manager: EntityManager, id: string): Promise<IdempotencyRecord | null> {
    const remembered = MoreThan(new Date(Date.now() - REMEMBERED_MS));
    return manager.findOneBy(IdempotencyRecord, { id, created_at: remembered });
  }

  /** Waits again, because the first process may have crashed after COMMIT, before every process applied the change. */
  async #replay<T>(first: IdempotencyRecord, bodyDigest: string): Promise<WireJson<T>> {
    if (first.body_digest !== bodyDigest) throw idempotencyErrors.idempotency_key_reused();
    await whenCommitted(() => waitUntilInForce(this.database.query));
    const text = this.secretBox.open(first.answer, PURPOSE);
    // Answers are never strings. Records from before 2026-11-29 hold the answer's text as a JSON string.
    return new WireJson(text.startsWith('"') ? (JSON.parse(text) as string) : text);
  }

  async #remember(manager: EntityManager, id: string, bodyDigest: string, answer: unknown): Promise<void> {
    const text = answer instanceof WireJson ? answer.text : JSON.stringify(answer);
    const sealed = this.secretBox.seal(text, PURPOSE);
    await manager.upsert(
      IdempotencyRecord,
      { id, body_digest: bodyDigest, answer: sealed, created_at: new Date() },
      { conflictPaths: ['id'] },
    );
  }
}

/** Returns {} for routes without a body, which leave it unread. */
function readBodyOf({ body }: FastifyRequest): unknown {
  return body instanceof ArrivingBody ? {} : (body ?? {});
}

/** Serializes JSON with sorted keys, so that the order of fields doesn't matter. */
function canonicalJson(value: unknown): string {
  return JSON.stringify(value, (_name, each: unknown) =>
    typeof each === 'object' && each !== null && !Array.isArray(each)
      ? Object.fromEntries(Object.entries(each).sort(([one], [other]) => (one < other ? -1 : 1)))
      : each,
  );
}

/** Returns the first 64 bits as the key of a Postgres advisory lock. */
function lockOf(id: string): string {
  return Buffer.from(id, 'hex').readBigInt64BE().toString();
}
