import { Injectable, Optional } from '@nestjs/common';
import { Database } from '../../core/database/database.js';
import type { PreparedRead } from '../../core/database/fast-lane/fast-lane.js';
import type { Page } from '../../core/wire/wire-json.js';
import { cursorOf } from '../../kit/lists/cursor.js';
import type { PageRequest } from '../../kit/lists/list-queries.js';
import { Usage } from '../../kit/usage/usage.service.js';
import type { KeyPolicyPreview, PolicyViolator } from './key-policy.dto.js';
import { KeyPolicies, type PolicySettings } from './key-policies.service.js';
import { placeColumns, placeId, type PolicyPlace } from './policy-place.js';
import { type PolicyLevel, POLICY_LEVELS } from './policy-rules.js';
import { type Batch, violatorsSql } from './violators-sql.js';

/** The most that a call looks at, for its page and for its count. */
const BATCHES_MAX = 20;

export const SHORT_PAGES =
  'A call examines a bounded number of keys. A page with fewer keys than the limit, or none, can have a `next`.';

type Found = Batch<PolicyViolator>;

/** Finds existing keys that break a policy, or would. Changes nothing. */
@Injectable()
export class Violators {
  readonly #reads: ReadonlyMap<PolicyLevel, PreparedRead>;

  /** @param usages undefined: this process counts no requests */
  constructor(
    { slowReads }: Database,
    private readonly policies: KeyPolicies,
    @Optional() private readonly usages?: Usage,
  ) {
    const read = (level: PolicyLevel) => slowReads.prepare(`policy-violators.${level}`, violatorsSql(level));
    this.#reads = new Map(POLICY_LEVELS.map((level) => [level, read(level)]));
  }

  /** The keys that break a rule that counts for them, newest first within each org. */
  async list(place: PolicyPlace, { values: [limit, after] }: PageRequest): Promise<Page<PolicyViolator>> {
    await this.usages?.flush();
    return this.#page(place, Number(limit), after ?? null, null);
  }

  /** The same for a draft of the place's policy, and how many there are. */
  async preview(
    place: PolicyPlace,
    draft: PolicySettings,
    { values: [limit, after] }: PageRequest,
  ): Promise<KeyPolicyPreview> {
    const settings = await this.policies.validated(draft);
    await this.usages?.flush();
    const row = JSON.stringify({ ...settings, ...placeColumns(place) });
    const page = await this.#page(place, Number(limit), after ?? null, row);
    return { ...(await this.#count(place, row)), ...page };
  }

  async #page(
    place: PolicyPlace,
    limit: number,
    from: string | null,
    draft: string | null,
  ): Promise<Page<PolicyViolator>> {
    const items: PolicyViolator[] = [];
    let after = from;
    for (let batches = 0; batches < BATCHES_MAX; batches += 1) {
      const found = await this.#read(place, after, limit - items.length, draft);
      items.push(...found.items);
      const isMore = found.count > found.items.length;
      if (!isMore && found.last_id === null) return { items, next: null };
      after = isMore ? items.at(-1)!.id : found.last_id;
      if (items.length === limit) break;
    }
    return { items, next: cursorOf(after!) };
  }

  async #count(place: PolicyPlace, draft: string): Promise<Pick<KeyPolicyPreview, 'count' | 'is_complete'>> {
    let count = 0;
    let after: string | null = null;
    for (let batches = 0; batches < BATCHES_MAX; batches += 1) {
      const found: Found = await this.#read(place, after, 0, draft);
      count += found.count;
      after = found.last_id;
      if (after === null) break;
    }
    return { count, is_complete: after === null };
  }

  async #read(place: PolicyPlace, after: string | null, limit: number, draft: string | null): Promise<Found> {
    const values = [placeId(place), after, String(limit), draft];
    return (await this.#reads.get(place.level)!.row<Found>(values))!;
  }
}
