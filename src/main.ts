import { createApp } from './configure-app.js';
import { loadConfig } from './config/config.js';
import { readEnvironment } from './config/environment.js';
import { LOG, type Log } from './logging/log.js';

const config = loadConfig(readEnvironment());
const app = await createApp(config);
// By exit code 0: without the option Nest ends itself with the signal, which process managers take for a failure.
app.enableShutdownHooks(undefined, { useProcessExit: true });
await app.listen(config.port, config.host);
app.get<Log>(LOG).warn(`Gatehouse listens on ${await app.getUrl()}`);
