import { type DynamicModule, Global, Module } from '@nestjs/common';
import { LOG, type Log } from '../logging/log.js';
import { CONFIG, type Config } from './config.js';

/** Provides the configuration and the log to every module. */
@Global()
@Module({})
export class ConfigModule {
  static with(config: Config, log: Log): DynamicModule {
    return {
      module: ConfigModule,
      providers: [
        { provide: CONFIG, useValue: config },
        { provide: LOG, useValue: log },
      ],
      exports: [CONFIG, LOG],
    };
  }
}
