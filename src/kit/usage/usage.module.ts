import { Global, Module } from '@nestjs/common';
import { UsageMeter } from '../../access/ports/usage-meter.js';
import { Usage } from './usage.service.js';

@Global()
@Module({ providers: [Usage, { provide: UsageMeter, useExisting: Usage }], exports: [Usage, UsageMeter] })
export class UsageModule {}
