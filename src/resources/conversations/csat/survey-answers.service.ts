import { Injectable } from '@nestjs/common';
import { AppError } from '../../../core/errors/app-error.js';
import { Database } from '../../../core/database/database.js';
import type { SignedQuery } from '../../../core/encryption/link-signer.js';
import { Org } from '../../../tenancy/orgs/org.entity.js';
import type { SessionKey } from '../chat-sessions/chat-history.service.js';
import { CsatScores } from './csat-scores.service.js';
import { SurveyLinks } from './survey-links.js';

const SCORES = ['1', '2', '3', '4', '5'];

/** What the holder of a survey's link can do. */
@Injectable()
export class SurveyAnswers {
  constructor(
    private readonly database: Database,
    private readonly links: SurveyLinks,
    private readonly scores: CsatScores,
  ) {}

  /** Undefined: the link wasn't signed here, or has expired. */
  async surveyOf(
    session: SessionKey,
    query: SignedQuery,
  ): Promise<{ readonly org: string; readonly actions: string[] } | undefined> {
    if (!this.links.allows(session, query)) return undefined;
    const { name } = await this.database.manager.findOneByOrFail(Org, { id: session.orgId });
    const signed = new URLSearchParams({ expires: String(query.expires), signature: String(query.signature) });
    return { org: name, actions: SCORES.map((score) => `${session.sessionId}/${score}?${signed.toString()}`) };
  }

  /** @returns false for an invalid link, and for a session that is deleted or open again */
  async submit(session: SessionKey, query: SignedQuery, score: string): Promise<boolean> {
    if (!this.links.allows(session, query) || !SCORES.includes(score)) return false;
    try {
      await this.scores.submit(session, { session_id: session.sessionId, score: Number(score), comment: null });
      return true;
    } catch (error) {
      if (error instanceof AppError && error.definition.status < 500) return false;
      throw error;
    }
  }
}
