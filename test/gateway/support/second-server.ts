import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { loadConfig } from '../../../src/core/config/config.js';
import type { Environment } from '../../../src/core/config/setting-reader.js';
import { createApp } from '../../../src/configure-app.js';
import { FAST_LANE } from '../../support/fast-lane.js';
import { PATIENT } from '../../support/patience.js';
import { PUBLIC_URL, WIDE_LIMITS } from '../../support/start-app.js';

/** Another server on the database of a test, with its own lease and memory. */
export interface SecondServer {
  readonly app: NestFastifyApplication;
  readonly url: string;
  close(): Promise<void>;
}

/** @param settings with DATABASE_URL, and the ENCRYPTION_KEY of the first server */
export async function startSecondServer(settings: Environment): Promise<SecondServer> {
  const config = loadConfig({ PUBLIC_URL, LOG_LEVEL: 'silent', ...WIDE_LIMITS, ...FAST_LANE, ...PATIENT, ...settings });
  const app = await createApp(config);
  await app.listen(0, '127.0.0.1');
  const { port } = app.getHttpServer().address() as { port: number };
  return { app, url: `http://127.0.0.1:${port}`, close: () => app.close() };
}
