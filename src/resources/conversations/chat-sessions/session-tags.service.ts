import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { Principal, WithinOrg } from '../../../access/principal/principal.js';
import { notFound } from '../../../core/errors/core-errors.js';
import { canonicalTagName } from '../../directory/tags/tag.dto.js';
import type { Sender } from './chat-event.entity.js';
import { ChatHistory } from './chat-history.service.js';
import { TAGS_OF_SESSION } from './chat-session-fields.js';
import type { ChatSession } from './chat-session.entity.js';
import { ChatSessions, keyOf } from './chat-sessions.service.js';

const ADD = `
  WITH tag AS (SELECT id FROM tags WHERE org_id = $1 AND tag_name = $3 FOR KEY SHARE),
    added AS (INSERT INTO chat_session_tags (org_id, session_id, tag_id) SELECT $1, $2, id FROM tag
      ON CONFLICT DO NOTHING RETURNING tag_id)
  SELECT EXISTS (SELECT FROM tag) AS is_known, EXISTS (SELECT FROM added) AS is_new`;

const REMOVE = `
  WITH removed AS (DELETE FROM chat_session_tags USING tags
    WHERE chat_session_tags.org_id = $1 AND session_id = $2
      AND tags.org_id = $1 AND tags.id = tag_id AND tags.tag_name = $3 RETURNING tag_id)
  SELECT EXISTS (SELECT FROM removed) AS was_there`;

@Injectable()
export class SessionTags {
  constructor(
    private readonly sessions: ChatSessions,
    private readonly history: ChatHistory,
  ) {}

  /** @returns the names of all tags of the session @throws AppError not_found (404) for the session or the tag */
  async add(org: WithinOrg, sessionId: string, tag: string): Promise<string[]> {
    const tagName = canonicalTagName(tag);
    return this.sessions.whileLocked(org, sessionId, async (manager, session) => {
      if (!(await this.addTo(manager, session, tagName))) throw notFound('Tag');
      const sql = `SELECT (${TAGS_OF_SESSION}) AS tags FROM chat_sessions WHERE org_id = $1 AND id = $2`;
      return ((await manager.query(sql, [session.org_id, session.id])) as [{ tags: string[] }])[0].tags;
    });
  }

  /** Idempotent. The session must be locked. @returns whether the tag exists */
  async addTo(manager: EntityManager, session: ChatSession, tag_name: string, sender?: Sender): Promise<boolean> {
    const values = [session.org_id, session.id, tag_name];
    const [{ is_known, is_new }] = (await manager.query(ADD, values)) as [{ is_known: boolean; is_new: boolean }];
    if (is_new) {
      const entry = { type: 'tag_added_by_api', context: { tag_name }, ...(sender && { sender }) } as const;
      await this.history.append(manager, { ...keyOf(session), ...entry });
      await this.sessions.set(manager, session, {});
      await this.sessions.publishChange(manager, session);
    }
    return is_known;
  }

  /** Idempotent. @throws AppError not_found (404) for the session */
  async remove(principal: Principal, sessionId: string, tag: string): Promise<void> {
    const tagName = canonicalTagName(tag);
    await this.sessions.whileLocked(principal, sessionId, async (manager, session) => {
      const values = [session.org_id, session.id, tagName];
      const [{ was_there }] = (await manager.query(REMOVE, values)) as [{ was_there: boolean }];
      if (!was_there) return;
      const context = { tag_name: tagName };
      await this.history.append(manager, { ...keyOf(session), type: 'tag_removed_by_api', context });
      await this.sessions.set(manager, session, {});
      await this.sessions.publishChange(manager, session);
    });
  }
}
