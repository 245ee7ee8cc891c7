import type { EntityManager } from 'typeorm';
import type { NoticeAudience, NoticeKind } from './key-notice.entity.js';

export interface NewNotice {
  readonly key: {
    readonly id: string;
    readonly org_id: string;
    /** The partner of the org, if it has a contact for notices. */
    readonly partner_id: string | null;
  };
  readonly about: Date;
  readonly days: number;
  readonly isSkipped: boolean;
}

/** In the order in which changes of several keys lock them, because the foreign key locks them too. */
const ADD = `
  INSERT INTO key_notices (key_id, kind, about, days, audience, audience_id, state, state_at)
  SELECT key_id, $1, about, days, audience, audience_id, state, $8
  FROM unnest($2::uuid[], $3::timestamptz[], $4::integer[], $5::text[], $6::uuid[], $7::text[])
    notice (key_id, about, days, audience, audience_id, state)
  ORDER BY key_id, audience
  ON CONFLICT DO NOTHING
  RETURNING key_id`;

/** A scalar subquery: the partner, if its contact gets notices. @param partnerId SQL */
export function contactedPartnerSql(partnerId: string): string {
  return `(SELECT id FROM partners WHERE id = ${partnerId} AND is_active AND contact_email IS NOT NULL)`;
}

/** Adds the notices that aren't there yet. @returns the ids of their keys */
export async function addNotices(
  manager: EntityManager,
  kind: NoticeKind,
  notices: readonly NewNotice[],
  now: Date,
): Promise<ReadonlySet<string>> {
  const rows = notices.flatMap((notice) =>
    audiencesOf(kind, notice).map(([audience, audienceId]) => ({ ...notice, audience, audienceId })),
  );
  if (rows.length === 0) return new Set();
  const added = await manager.query<{ key_id: string }[]>(ADD, [
    kind,
    rows.map(({ key }) => key.id),
    rows.map(({ about }) => about),
    rows.map(({ days }) => days),
    rows.map(({ audience }) => audience),
    rows.map(({ audienceId }) => audienceId),
    rows.map(({ isSkipped }) => (isSkipped ? 'skipped' : 'pending')),
    now,
  ]);
  return new Set(added.map(({ key_id }) => key_id));
}

/** The contact of a partner hears of keys that are about to stop working. */
function audiencesOf(kind: NoticeKind, { key }: NewNotice): (readonly [NoticeAudience, string])[] {
  const org = ['org', key.org_id] as const;
  return kind === 'idle' || key.partner_id === null ? [org] : [org, ['partner', key.partner_id]];
}
