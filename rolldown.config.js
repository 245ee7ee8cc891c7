import { dirname, relative } from 'node:path';
import { defineConfig } from 'rolldown';

const SERVER = './dist/src/serve.js';

/**
 * The built server in one file instead of six hundred, of which a start would read each; libraries stay where they are.
 * Written over the module that it begins with, so that all else in `dist/` is as the compiler left it.
 */
export default defineConfig({
  input: SERVER,
  external: /^[^./]/,
  platform: 'node',
  plugins: [
    {
      name: 'places',
      // A module that looks for files beside itself still finds them there: threads, the dashboard.
      transform(code, id) {
        const path = relative(dirname(SERVER), id);
        return code
          .replaceAll('import.meta.url', `new URL(${JSON.stringify(path)}, import.meta.url).href`)
          .replaceAll('import.meta.dirname', `(import.meta.dirname + ${JSON.stringify(`/${dirname(path)}`)})`);
      },
    },
  ],
  // Nest and the OpenAPI document go by the names of classes.
  output: { file: SERVER, keepNames: true },
});
