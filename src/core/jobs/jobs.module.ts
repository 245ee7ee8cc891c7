import { type BeforeApplicationShutdown, Global, Module, type OnModuleInit } from '@nestjs/common';
import { Database } from '../database/database.js';
import { Jobs } from './jobs.service.js';

@Global()
@Module({ providers: [Jobs], exports: [Jobs] })
export class JobsModule implements OnModuleInit, BeforeApplicationShutdown {
  constructor(
    private readonly jobs: Jobs,
    private readonly database: Database,
  ) {}

  onModuleInit(): void {
    this.database.beforeClose(() => this.jobs.close());
  }

  /** In parallel to the last requests, which have the same time limit. */
  beforeApplicationShutdown(): void {
    void this.jobs.stop();
  }
}
