import { Module } from '@nestjs/common';
import { CheckModule } from './check/check.module.js';
import { KeyHealthModule } from './health/key-health.module.js';
import { RequestLogModule } from './request-log/request-log.module.js';
import { RequestsModule } from './request-log/requests.module.js';

/** What happened to requests, and what keys need. */
@Module({ imports: [RequestLogModule, RequestsModule, CheckModule, KeyHealthModule] })
export class InsightModule {}
