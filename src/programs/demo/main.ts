import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { loadConfig } from '../../core/config/config.js';
import { readEnvironment } from '../../core/config/environment.js';
import type { Environment } from '../../core/config/setting-reader.js';
import { createApp } from '../../configure-app.js';
import { Database } from '../../core/database/database.js';
import { stopSignal } from '../../stop-signal.js';
import { printLink } from './link.js';
import { tellStory } from './story.js';

const HOST = '127.0.0.1';

const { values: options } = parseArgs({ options: { once: { type: 'boolean', default: false } } });
const environment = await demoEnvironment(readEnvironment());
const config = loadConfig(environment);
const stop = stopSignal();
const stopped = once(stop, 'abort');
const app = await createApp(config);
try {
  if (!stop.aborted) await Promise.race([runDemo(), stopped]);
} catch (error) {
  console.error(`\nThe demo failed. ${(error as Error).message}`);
  process.exitCode = 1;
} finally {
  await app.close();
}

async function runDemo(): Promise<void> {
  await app.listen(config.port, config.host);
  const url = `http://${config.host}:${config.port}`;
  console.log(`Gatehouse listens on ${url}; its data is in ${config.dataDir}.`);
  const link = await tellStory({ url, publicUrl: config.dashboardUrl }, environment, app.get(Database));
  if (!options.once) console.log('\nPress Ctrl-C to stop the server.');
  printLink(link);
  if (!options.once) await stopped;
}

/** The user's settings without those that would point the demo at another database or change its responses. */
async function demoEnvironment(own: Environment): Promise<Environment> {
  const { port, dataDir } = loadConfig({ PORT: own['PORT'], DATA_DIR: own['DATA_DIR'] });
  const unset = [
    'DATABASE_URL',
    'DATABASE_DIRECT_URL',
    'DATABASE_OWNER_URL',
    'ENCRYPTION_KEY',
    'REDIS_URL',
    'REDIS_SENTINEL_USERNAME',
    'REDIS_SENTINEL_PASSWORD',
    'TRUSTED_PROXIES',
  ];
  const usual = [...unset, 'LOGIN_LINK_CONFIRM', ...Object.keys(own).filter((name) => name.startsWith('LIMIT_'))];
  return {
    ...own,
    // Empty means unset. Leaving them out would let a child process read them from .env.
    ...Object.fromEntries(usual.map((name) => [name, ''])),
    DATA_DIR: join(dataDir, 'demo'),
    HOST,
    PORT: String(await freePort(port)),
  };
}

/** Returns the wanted port, or any free one if it is in use. */
async function freePort(wanted: number): Promise<number> {
  const server = createServer();
  try {
    await once(server.listen(wanted, HOST), 'listening');
    return (server.address() as AddressInfo).port;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EADDRINUSE') throw error;
    return freePort(0);
  } finally {
    server.close();
  }
}
