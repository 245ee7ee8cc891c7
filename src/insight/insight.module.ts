import { Module } from '@nestjs/common';
import { KeyHealthModule } from './health/key-health.module.js';
import { RequestLogModule } from './request-log/request-log.module.js';

/** What happened to requests, and what keys need. */
@Module({ imports: [RequestLogModule, KeyHealthModule] })
export class InsightModule {}
