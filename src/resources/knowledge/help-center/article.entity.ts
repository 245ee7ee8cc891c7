import { Column, Entity, ForeignKey, Index } from 'typeorm';
import { OrgRow, TIMESTAMP } from '../../../core/database/base.entity.js';
import { Id, Text } from '../../../core/validation/decorators.js';
import { Name, OptionalName } from '../../../core/validation/name.js';
import { About, Field } from '../../../core/wire/field.js';
import { oneOf } from '../../../core/wire/schema.js';
import { Category } from './category.entity.js';
import { IsSlug } from './slug.js';

export const ARTICLE_STATUSES = ['draft', 'published'] as const;

/** An article of a help center. */
@Entity('help_center_articles')
@Index('help_center_articles_org_slug', ['org_id', 'slug'], { unique: true })
@Index('help_center_articles_category', ['org_id', 'category_id', 'id'])
@Index('help_center_articles_org_status', ['org_id', 'status', 'id'])
@Index('help_center_articles_org_language', ['org_id', 'language', 'id'])
@Index('help_center_articles_translation', ['org_id', 'translation_of', 'language'], { unique: true })
@Index('help_center_articles_words', ['words'], { type: 'gin' })
@ForeignKey(() => Article, ['org_id', 'translation_of'], ['org_id', 'id'], { name: 'help_center_articles_original_fk' })
@ForeignKey(() => Category, ['org_id', 'category_id'], ['org_id', 'id'], { name: 'help_center_articles_category_fk' })
export class Article extends OrgRow {
  @Column('uuid')
  @Id()
  category_id: string;

  @Column('text')
  @Name(200)
  title: string;

  @About(
    'Unique within the help center. Generated from the title if omitted; a later change of the title does not change it.',
  )
  @Column('text')
  @IsSlug()
  slug: string;

  @Column('text', { nullable: true })
  @Text(0, 500)
  description: string | null;

  @About('Markdown.')
  @Column('text')
  @Text(1, 200_000)
  content: string;

  @Column('text', { default: 'draft' })
  @Field(oneOf(ARTICLE_STATUSES))
  status: (typeof ARTICLE_STATUSES)[number];

  @About('Null while it is a draft.')
  @Column({ ...TIMESTAMP, nullable: true })
  published_at: Date | null;

  @Column('text', { nullable: true })
  @OptionalName(200)
  meta_title: string | null;

  @Column('text', { nullable: true })
  @Text(0, 160)
  meta_description: string | null;

  @About('One of the languages of the help center; public while it is one of them. Fixed at creation.')
  @Column('text')
  language: string;

  @About('The article that this one translates; null: it is an original. Fixed at creation.')
  @Column('uuid', { nullable: true })
  translation_of: string | null;

  /** Of title, description and content. A trigger keeps it current. */
  @Column('tsvector', { select: false })
  words: string;
}
