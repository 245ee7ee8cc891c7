import { Module } from '@nestjs/common';
import { RequestLogModule } from './request-log/request-log.module.js';

/** What happened to requests, and what keys need. */
@Module({ imports: [RequestLogModule] })
export class InsightModule {}
