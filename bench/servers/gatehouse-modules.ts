import { registerHooks } from 'node:module';
import { env } from 'node:process';
import { built } from '../dist.ts';
import { serve } from './serve.ts';

// The built server, from its separate modules: those inside of the bundle can't be replaced.

const DIST = new URL('../../dist/src/', import.meta.url).href;
const TELEMETRY = 'operations/telemetry/';
/** What the rest of the server imports of telemetry, by its module, without effect. */
const EMPTY: Readonly<Record<string, string>> = {
  [`${TELEMETRY}current-span.js`]: 'export const currentSpan = undefined;',
  [`${TELEMETRY}traced-guard.js`]: 'export const tracedGuard = (guard) => guard;',
  'core/http/trace-headers.js':
    'export const traceHeaders = () => undefined; export const provideTraceHeaders = () => undefined;',
};

const isWithout = env['WITHOUT_TELEMETRY'] === '1';
const replaced = new Set<string>();
if (isWithout) {
  registerHooks({
    load(url, context, nextLoad) {
      const path = url.startsWith(DIST) ? url.slice(DIST.length) : '';
      const source = EMPTY[path];
      if (source !== undefined) {
        replaced.add(path);
        return { format: 'module', source, shortCircuit: true };
      }
      if (path.startsWith(TELEMETRY)) throw new Error(`${path} is loaded without telemetry: replace it here`);
      return nextLoad(url, context);
    },
  });
}

const { createApp } = await built<typeof import('../../src/configure-app.ts')>('configure-app.js');
const { loadConfig } = await built<typeof import('../../src/core/config/config.ts')>('core/config/config.js');
const { readEnvironment } =
  await built<typeof import('../../src/core/config/environment.ts')>('core/config/environment.js');

const missed = Object.keys(EMPTY).filter((path) => isWithout && !replaced.has(path));
if (missed.length > 0) throw new Error(`the server no longer loads ${missed.join(', ')}: telemetry was not removed`);
const config = loadConfig(readEnvironment());
const app = await createApp(config);
await serve(app, async () => {
  await app.listen(config.port, config.host);
  return app.getUrl();
});
