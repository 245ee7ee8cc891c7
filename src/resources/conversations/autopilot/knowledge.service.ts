import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { CrawlPages } from '../../knowledge/crawl/crawl-pages.service.js';
import { ArticleSearch } from '../../knowledge/help-center/article-search.service.js';
import { KnowledgeBases } from '../../knowledge/knowledge-bases/knowledge-bases.service.js';
import { ApplicableTrainings, type Question } from '../training/applicable-trainings.service.js';

const FOUND_MAX = 5;
const PASSAGE_CHARACTERS_MAX = 4_000;

/** The scopes of the routes that show the sources of answers. */
export const KNOWLEDGE_SCOPES = [
  'training:read',
  'knowledge_base:read',
  'help-center:read',
  'crawl:read',
  'org:read',
] as const;

export interface Known {
  /** Behavior, for every question. */
  readonly rules: readonly string[];
  /** Knowledge that matches the question. */
  readonly passages: readonly string[];
}

/** Searches the sources that the AI of an org may answer from, by the words of the question. */
@Injectable()
export class Knowledge {
  constructor(
    private readonly trainings: ApplicableTrainings,
    private readonly bases: KnowledgeBases,
    private readonly articles: ArticleSearch,
    private readonly pages: CrawlPages,
  ) {}

  async about(manager: EntityManager, orgId: string, question: Question): Promise<Known> {
    const { text } = question;
    const lessons = await this.trainings.applying(orgId, question);
    const documents = await this.bases.searchAll(manager, orgId, text, FOUND_MAX);
    const articles = await this.articles.search(manager, orgId, text, FOUND_MAX);
    const pages = await this.pages.searchPages(manager, orgId, text, FOUND_MAX);
    const of = (wanted: string) =>
      lessons.filter(({ type }) => type === wanted).map(({ title, content }) => passage(title, content));
    return {
      rules: of('BEHAVIORAL'),
      passages: [
        ...of('SCENARIO_SPECIFIC'),
        ...documents.map((found) => passage(found.title, found.text)),
        ...articles.map(({ title, content }) => passage(title, content)),
        ...pages.map((page) => passage(page.title ?? page.url, page.text)),
      ],
    };
  }
}

function passage(title: string, text: string): string {
  return `${title}\n${text.slice(0, PASSAGE_CHARACTERS_MAX).toWellFormed()}`;
}
