import type { INestApplicationContext } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { AppModule } from '../../src/app.module.js';
import { loadConfig } from '../../src/core/config/config.js';
import type { Environment } from '../../src/core/config/setting-reader.js';
import { createLog } from '../../src/core/logging/log.js';
import { FAST_LANE } from './fast-lane.js';
import { PATIENT } from './patience.js';

/** The services of a server on that database, without listener, lease and jobs. */
export function openServices(
  databaseUrl: string,
  encryptionKey: string,
  settings: Environment = {},
): Promise<INestApplicationContext> {
  const own = { LOG_LEVEL: 'silent', DATABASE_URL: databaseUrl, ENCRYPTION_KEY: encryptionKey };
  const config = loadConfig({ ...own, ...FAST_LANE, ...PATIENT, ...settings });
  const options = { abortOnError: false, logger: false } as const;
  return NestFactory.createApplicationContext(AppModule.with(config, createLog(config)), options);
}
