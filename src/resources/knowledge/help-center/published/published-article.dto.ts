import { About, Field, partOf } from '../../../../core/wire/field.js';
import { listOf } from '../../../../core/wire/schema.js';
import { Article } from '../article.entity.js';
import { Category } from '../category.entity.js';
import { HelpCenter } from '../help-center.entity.js';

const CENTER = ['id', 'name', 'description', 'primary_language', 'languages', 'custom_domain'] as const;
const SUMMARY = ['slug', 'title', 'description', 'language', 'published_at', 'updated_at'] as const;

export class PublishedCategory extends partOf(Category, 'slug', 'name', 'description', 'icon') {}

/** A help center as everyone sees it. */
export class PublishedCenter extends partOf(HelpCenter, ...CENTER) {
  @Field(listOf(PublishedCategory))
  categories: PublishedCategory[];
}

export class PublishedSummary extends partOf(Article, ...SUMMARY) {
  @About('The slug of its category.')
  @Field()
  category: string;
}

export class Translation extends partOf(Article, 'language', 'slug', 'title') {}

/** A published article, with its Markdown. */
export class PublishedArticle extends partOf(Article, ...SUMMARY, 'content', 'meta_title', 'meta_description') {
  @Field(PublishedCategory)
  category: PublishedCategory;

  @About('Its published translations, and its original.')
  @Field(listOf(Translation))
  translations: Translation[];
}
