import { Injectable } from '@nestjs/common';
import type { Principal, WithinOrg } from '../../../access/principal/principal.js';
import { Database } from '../../../core/database/database.js';
import type { PreparedRead } from '../../../core/database/fast-lane/fast-lane.js';
import { uuidV7 } from '../../../core/database/uuid-v7.js';
import { DomainEventBus } from '../../../kit/domain-events/domain-event-bus.js';
import { csatErrors } from './csat.errors.js';
import { assertValidRange, rangeSql } from '../../../kit/lists/date-range.js';
import { ChatHistory } from '../chat-sessions/chat-history.service.js';
import { ChatSessions, keyOf } from '../chat-sessions/chat-sessions.service.js';
import { CsatScore } from './csat-score.entity.js';
import type { CsatSummary, CsatSummaryQuery, SubmitScoreDto } from './csat.dto.js';
import { kit } from './csat-scores.definition.js';
import { type Wire, WireJson } from '../../../core/wire/wire-json.js';

const RANGE = rangeSql('$2', '$3');
const SUMMARY = `
  SELECT json_build_object('count', count(*), 'average', round(avg(score), 2)::float8,
    'distribution', json_build_object(${[1, 2, 3, 4, 5]
      .map((score) => `'${score}', count(*) FILTER (WHERE score = ${score})`)
      .join(', ')}))::text
  FROM csat_scores
  WHERE org_id = $1
    AND created_at BETWEEN ${RANGE.first} AND ${RANGE.last}
    AND ($4::text IS NULL OR channel = $4)`;

@Injectable()
export class CsatScores extends kit.Service {
  readonly #summary: PreparedRead;
  readonly #ofSession: PreparedRead;
  readonly #submit = this.database.inserts.prepare(
    'csat_scores.submit',
    this.metadata,
    `ON CONFLICT (org_id, session_id)
       DO UPDATE SET score = excluded.score, comment = excluded.comment, updated_at = now()
     RETURNING ${this.row} AS text`,
  );

  constructor(
    database: Database,
    private readonly sessions: ChatSessions,
    private readonly history: ChatHistory,
    private readonly events: DomainEventBus,
  ) {
    super(database);
    this.#summary = database.slowReads.prepare('csat_scores.summary', SUMMARY);
    const ofSession = `SELECT ${this.row} FROM csat_scores WHERE org_id = $1 AND session_id = $2`;
    this.#ofSession = database.reads.prepare('csat_scores.of_session', ofSession);
  }

  /** The JSON `null` for a session without a score. @throws AppError not_found (404) for the session */
  async ofSession(principal: Principal, sessionId: string): Promise<WireJson<Wire<CsatScore> | null>> {
    await this.sessions.read(principal, sessionId);
    return (await this.#ofSession.json<Wire<CsatScore>>([principal.orgId, sessionId])) ?? new WireJson('null');
  }

  /** Creates or replaces the score of a session. @throws AppError not_found (404), session_open (409) */
  async submit(org: WithinOrg, { session_id, score, comment }: SubmitScoreDto) {
    return this.sessions.whileLocked(org, session_id, async (manager, session) => {
      if (session.status === 'open') throw csatErrors.session_open();
      const newId = uuidV7();
      const row = { id: newId, org_id: session.org_id, session_id, score, comment, channel: session.channel_type };
      const submitted = (await this.#submit.row<Wire<CsatScore>>(row, manager))!;
      const { id: scoreId } = submitted;
      await this.history.append(manager, { ...keyOf(session), type: 'csat_submitted', context: { score } });
      await this.events.emit(manager, { name: 'csat.score_submitted', ...keyOf(session), scoreId });
      return { score: submitted, isNew: scoreId === newId };
    });
  }

  /** @throws AppError invalid_request (400) */
  async summary({ orgId }: Principal, query: CsatSummaryQuery): Promise<WireJson<CsatSummary>> {
    assertValidRange(query);
    const { start_date = null, end_date = null, channel = null } = query;
    return (await this.#summary.json<CsatSummary>([orgId, start_date, end_date, channel]))!;
  }
}
