import { Injectable } from '@nestjs/common';
import { Database } from '../../../core/database/database.js';
import type { PreparedRead } from '../../../core/database/fast-lane/fast-lane.js';
import { toArrayLiteral } from '../../../core/database/wire-value.js';
import { hasAnyWord, rankByWords } from '../../../kit/lists/full-text.js';
import type { Channel } from '../chat-sessions/channels.js';
import type { Training } from './training.entity.js';

/** A question that the AI is to answer. */
export interface Question {
  readonly text: string;
  readonly channel: Channel;
  /** Of the contact. */
  readonly segments: readonly string[];
}
export type Lesson = Pick<Training, 'id' | 'title' | 'content' | 'type'>;

const BEHAVIORAL_MAX = 50;
const SPECIFIC_MAX = 5;
const APPLYING = `
  WITH applying AS NOT MATERIALIZED (
    SELECT * FROM training
    WHERE org_id = $1 AND NOT is_draft
      AND coalesce(start_time <= now(), true) AND coalesce(end_time > now(), true)
      AND (restricted_to_channels = '{}' OR $2::text = ANY (restricted_to_channels))
      AND (restricted_to_segments = '{}' OR restricted_to_segments && $3::text[])
  ), lessons AS (
    (SELECT id, title, content, type, 1 AS rank FROM applying
     WHERE type = 'BEHAVIORAL' ORDER BY id DESC LIMIT ${BEHAVIORAL_MAX})
    UNION ALL
    (SELECT id, title, content, type, ${rankByWords('$4')} AS rank FROM applying
     WHERE type = 'SCENARIO_SPECIFIC' AND ${hasAnyWord('$1', '$4')} ORDER BY rank DESC, id DESC LIMIT ${SPECIFIC_MAX})
  )
  SELECT coalesce(json_agg(json_build_object('id', id, 'title', title, 'content', content, 'type', type)
    ORDER BY type, rank DESC, id DESC), '[]')::text FROM lessons`;

/** The trainings that the AI uses. */
@Injectable()
export class ApplicableTrainings {
  readonly #applying: PreparedRead;

  constructor(database: Database) {
    this.#applying = database.slowReads.prepare('training.applying', APPLYING);
  }

  /** The trainings that apply to a question: all behavioral ones, and the scenarios that match it, best match first. */
  async applying(orgId: string, { text, channel, segments }: Question): Promise<Lesson[]> {
    return (await this.#applying.row<Lesson[]>([orgId, channel, toArrayLiteral(segments), text]))!;
  }
}
