import { Column, Entity, ForeignKey, PrimaryColumn } from 'typeorm';
import { Org } from '../../../tenancy/orgs/org.entity.js';
import { About, Field } from '../../../core/wire/field.js';
import { listOf, mapOf, oneOf } from '../../../core/wire/schema.js';

/** Features of the widget: chat (channel web), voice (web_voice), published articles. */
export const WIDGET_MODES = ['chat', 'voice', 'help_center'] as const;
export type WidgetMode = (typeof WIDGET_MODES)[number];
export type WidgetTheme = Record<string, string | number | boolean>;

/** Appearance and behavior of an org's chat widget. Without a row, `UNTIL_SET` applies. */
@Entity('widget_configs')
export class WidgetConfig {
  @PrimaryColumn('uuid', { select: false })
  @ForeignKey(() => Org, { name: 'widget_configs_org_fk' })
  org_id: string;

  @About('Domains of the pages that may show the widget; empty: any page.')
  @Column('text', { array: true })
  allowed_origins: string[];

  @About('Interval in which the widget polls its list of sessions.')
  @Column('integer')
  sessions_polling_interval_seconds: number;

  @About('Interval in which the widget polls the open session.')
  @Column('integer')
  session_polling_interval_seconds: number;

  @Column('text', { array: true })
  @Field(listOf(oneOf(WIDGET_MODES)))
  modes: WidgetMode[];

  @About('Colors, texts and switches. Your page defines the names.')
  @Column('jsonb')
  @Field(mapOf({ type: ['string', 'number', 'boolean'] }))
  theme: WidgetTheme;
}

export const UNTIL_SET: Omit<WidgetConfig, 'org_id'> = {
  allowed_origins: [],
  sessions_polling_interval_seconds: 60,
  session_polling_interval_seconds: 10,
  modes: ['chat'],
  theme: {},
};
