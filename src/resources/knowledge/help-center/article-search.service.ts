import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { hasAnyWord, rankByWords } from '../../../kit/lists/full-text.js';

/** A published article that matches a search. */
export interface FoundArticle {
  readonly title: string;
  readonly content: string;
}

// Any word matches, as in the search of crawled pages.
const SEARCH = `
  SELECT title, content, ${rankByWords('$2')} AS score FROM help_center_articles
  WHERE org_id = $1 AND status = 'published' AND ${hasAnyWord('$1', '$2')}
  ORDER BY score DESC, id LIMIT $3`;

/** Searches the published articles for the AI. */
@Injectable()
export class ArticleSearch {
  /** Best match first. */
  search(manager: EntityManager, orgId: string, question: string, limit: number): Promise<FoundArticle[]> {
    return manager.query(SEARCH, [orgId, question, limit]);
  }
}
