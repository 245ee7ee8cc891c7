import { createApp } from './configure-app.js';
import { loadConfig } from './config/config.js';
import { readEnvironment } from './config/environment.js';
import { LOG, type Log } from './logging/log.js';

/** Before the ten seconds after which process managers kill, so that it is said. */
const END_WITHIN_MS = 9_500;

const config = loadConfig(readEnvironment());
const app = await createApp(config);
// By exit code 0: without the option Nest ends itself with the signal, which process managers take for a failure.
app.enableShutdownHooks(undefined, { useProcessExit: true });
for (const signal of ['SIGTERM', 'SIGINT']) process.once(signal, () => setTimeout(giveUp, END_WITHIN_MS).unref());
await app.listen(config.port, config.host);
app.get<Log>(LOG).warn(`Gatehouse listens on ${await app.getUrl()}`);

/** A database that hangs answers no farewell either. */
function giveUp(): void {
  app.get<Log>(LOG).error('The server did not come to an end by itself; what was counted last may not be stored');
  process.exit(1);
}
