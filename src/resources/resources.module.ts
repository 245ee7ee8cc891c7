import { Module } from '@nestjs/common';
import { REDACTION_RULES } from '../kit/redaction/redaction-rule.js';
import { RESOURCES } from './index.js';

/** Everything that `index.ts` lists. */
@Module({
  imports: RESOURCES.flatMap(({ imports = [] }) => imports),
  controllers: RESOURCES.flatMap(({ controllers }) => controllers),
  providers: [
    ...RESOURCES.flatMap(({ providers }) => providers),
    { provide: REDACTION_RULES, useValue: RESOURCES.flatMap(({ redaction = [] }) => redaction) },
  ],
})
export class ResourcesModule {}
