import { IsIn } from 'class-validator';
import { withheld } from '../../../kit/audit/audited-setting.js';
import { equals, equalsId } from '../../../kit/lists/filters.js';
import { searchFor } from '../../../kit/lists/full-text.js';
import { defineCrud } from '../../../kit/crud/define-crud.js';
import { Text } from '../../../core/validation/decorators.js';
import { Article, ARTICLE_STATUSES } from './article.entity.js';

export const kit = defineCrud({
  path: 'help-center/articles',
  scope: 'help-center',
  entity: Article,
  label: 'Article',
  audited: { type: 'article', calledBy: ['title'], shownAs: { content: withheld } },
  offers: ['list', 'read', 'update', 'delete'],
  filters: {
    category_id: equalsId('category_id'),
    status: equals('status', IsIn(ARTICLE_STATUSES)),
    language: equals('language', Text(1, 35)),
    search: searchFor(`status = 'published'`),
  },
  isSlow: true,
  unique: { help_center_articles_org_slug: 'slug', help_center_articles_translation: 'language' },
  references: { help_center_articles_category_fk: 'Category' },
  users: { help_center_articles_original_fk: 'a translation' },
});
