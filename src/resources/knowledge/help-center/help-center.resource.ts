import type { Resource } from '../../../kit/crud/define-resource.js';
import { Article } from './article.entity.js';
import { ArticleSearch } from './article-search.service.js';
import { Articles } from './articles.service.js';
import { Categories } from './categories.service.js';
import { Category } from './category.entity.js';
import {
  HelpCenterArticlesController,
  HelpCenterCategoriesController,
  HelpCenterController,
} from './help-center.controller.js';
import { HelpCenter } from './help-center.entity.js';
import { HelpCenters } from './help-center.service.js';
import { PublishedHelpModule } from './published/published-help.module.js';

export const helpCenter: Resource = {
  entities: [HelpCenter, Category, Article],
  controllers: [HelpCenterController, HelpCenterCategoriesController, HelpCenterArticlesController],
  providers: [HelpCenters, Categories, Articles, ArticleSearch],
  imports: [PublishedHelpModule],
};
