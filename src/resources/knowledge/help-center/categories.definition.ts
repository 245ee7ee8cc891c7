import { defineCrud } from '../../../kit/crud/define-crud.js';
import { Category } from './category.entity.js';

export const kit = defineCrud({
  path: 'help-center/categories',
  scope: 'help-center',
  entity: Category,
  label: 'Category',
  audited: { type: 'article_category' },
  offers: ['list', 'update', 'delete'],
  orders: { position: { column: 'position', direction: 'ASC' } },
  unique: { help_center_categories_org_slug: 'slug' },
  references: { help_center_categories_center_fk: 'Help center' },
  users: { help_center_articles_category_fk: 'an article' },
});
