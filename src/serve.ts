import { createApp } from './configure-app.js';
import { loadConfig } from './core/config/config.js';
import { readEnvironment } from './core/config/environment.js';
import { ConfigError } from './core/config/setting-reader.js';
import { Database } from './core/database/database.js';
import { createLog, LOG, type Log } from './core/logging/log.js';
import { stopSignal } from './stop-signal.js';

/** Shorter than the 10 seconds after which process managers kill, so that the timeout is logged. */
const END_WITHIN_MS = 9_500;

// Node would print every field of the error, including the parameters of a failed statement.
process.on('uncaughtException', crash);
const config = await orExit(() => loadConfig(readEnvironment()));
const stop = stopSignal();
const app = await orExit(() => createApp(config));
if (stop.aborted) {
  await app.close();
  process.exit();
}
stop.addEventListener('abort', () => setTimeout(giveUp, END_WITHIN_MS).unref());
// Exits with code 0. By default, Nest exits with the signal, which process managers report as a failure.
app.enableShutdownHooks(undefined, { useProcessExit: true });
try {
  await app.listen(config.port, config.host);
} catch (error) {
  // The port is taken.
  await app.get(Database).closeCluster();
  crash(error);
}
app.get<Log>(LOG).warn(`Gatehouse listens on ${await app.getUrl()}`);

/** Reports every invalid setting at once, without a stack trace. */
async function orExit<T>(begin: () => T | Promise<T>): Promise<T> {
  try {
    return await begin();
  } catch (error) {
    if (!(error instanceof ConfigError)) return crash(error);
    process.stderr.write(`${error.message}\n`);
    process.exit(1);
  }
}

/** Logs a crash at any log level. */
function crash(error: unknown): never {
  createLog({ logLevel: 'fatal' }).fatal({ err: error }, 'The server cannot go on');
  process.exit(1);
}

/** Shutdown must not wait for a hung database. */
function giveUp(): void {
  createLog(config).error('The server did not come to an end by itself; what was counted last may not be stored');
  process.exit(1);
}
