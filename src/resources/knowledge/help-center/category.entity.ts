import { IsInt, Max, Min } from 'class-validator';
import { Column, Entity, ForeignKey, Index } from 'typeorm';
import { OrgRow } from '../../../core/database/base.entity.js';
import { Text } from '../../../core/validation/decorators.js';
import { Name } from '../../../core/validation/name.js';
import { About } from '../../../core/wire/field.js';
import { HelpCenter } from './help-center.entity.js';
import { IsSlug } from './slug.js';

const POSITION_MAX = 1_000_000;

/** Groups articles of a help center. */
@Entity('help_center_categories')
@Index('help_center_categories_org_slug', ['org_id', 'slug'], { unique: true })
@Index('help_center_categories_org_position', ['org_id', 'position', 'id'])
export class Category extends OrgRow {
  @ForeignKey(() => HelpCenter, 'org_id', { name: 'help_center_categories_center_fk', onDelete: 'CASCADE' })
  override org_id: string;

  @Column('text')
  @Name(100)
  name: string;

  @About('Unique within the help center. Generated from the name if omitted.')
  @Column('text')
  @IsSlug()
  slug: string;

  @Column('text', { nullable: true })
  @Text(0, 500)
  description: string | null;

  @Column('text', { nullable: true })
  @Text(0, 100)
  icon: string | null;

  @About('Sort order of the list.')
  @Column('integer', { default: 0 })
  @Max(POSITION_MAX)
  @Min(-POSITION_MAX)
  @IsInt()
  position: number;
}
