import { type DynamicModule, Global, Module } from '@nestjs/common';
import { Months } from './months.js';
import { RETENTION_RULES, type RetentionRule } from './retention-rule.js';
import { Retention } from './retention.service.js';

/** Global, because features that insert into tables of months make missing ones. */
@Global()
@Module({})
export class RetentionModule {
  static with(rules: readonly RetentionRule[]): DynamicModule {
    return {
      module: RetentionModule,
      providers: [Months, Retention, { provide: RETENTION_RULES, useValue: rules }],
      exports: [Months],
    };
  }
}
