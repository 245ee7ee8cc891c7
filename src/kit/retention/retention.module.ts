import { type DynamicModule, Module } from '@nestjs/common';
import { RETENTION_RULES, type RetentionRule } from './retention-rule.js';
import { Retention } from './retention.service.js';

@Module({})
export class RetentionModule {
  static with(rules: readonly RetentionRule[]): DynamicModule {
    return { module: RetentionModule, providers: [Retention, { provide: RETENTION_RULES, useValue: rules }] };
  }
}
