import { readdirSync, readFileSync } from 'node:fs';
import { basename, dirname, join, relative, resolve } from 'node:path';
import { defineConfig } from 'rolldown';
import { ascii, builtinsUnimported, bundledRules } from './rolldown.plugins.js';

const SERVER = 'dist/src/serve.js';
const COMMANDS = 'dist/src/programs/cli/main.js';
/** Loads the bundled server for `gatehouse start`, which would otherwise contain a copy of that bundle. */
const START = resolve('dist/src/main.js');

/**
 * Libraries of many files, with their own dependencies. The others stay external: those with native code or files that
 * they look for beside themselves.
 */
const BUNDLED =
  /^(class-transformer|class-validator|@fastify\/busboy|@nestjs\/(common|core|mapped-types|platform-fastify|throttler)|commander|fastify|find-my-way|htmlparser2|jose|pg|pg-boss|prom-client|reflect-metadata|rxjs|typeorm|undici|uuid)(\/|$)/;
const NEVER_BUNDLED = /^(pg-native|pino)(\/|$)/;
const IS_PACKAGE = /^[^./]/;
const PACKAGE = /^.*\/node_modules\/(?:@[^/]+\/)?[^/]+(?=\/)/;

/**
 * Bundles the built programs, which start faster than from two thousand files. A bundle replaces its entry module, and the
 * rest of `dist/` stays as compiled.
 */
export default defineConfig([SERVER, COMMANDS].map(bundleOf));

function bundleOf(entry) {
  const name = basename(entry, '.js');
  return {
    input: entry,
    // What is imported dynamically is loaded when it is needed.
    output: {
      dir: dirname(entry),
      entryFileNames: '[name].js',
      chunkFileNames: `${name}-[hash].js`,
      keepNames: true,
      comments: false,
    },
    platform: 'node',
    external: (id, importer) =>
      (importer !== undefined && resolve(dirname(importer), id) === START) ||
      (IS_PACKAGE.test(id) && (NEVER_BUNDLED.test(id) || !(BUNDLED.test(id) || importer?.includes('/node_modules/')))),
    onLog(level, log, handler) {
      // Optional dependencies of libraries, and what they do at their own risk.
      if (!log.id?.includes('/node_modules/')) handler(level, log);
    },
    plugins: [
      bundledRules(),
      builtinsUnimported(),
      ascii(),
      places(dirname(resolve(entry))),
      licences(`${name}.licences.txt`),
    ],
  };
}

/** Modules that load files beside them, such as workers and the dashboard, keep their paths. */
function places(folder) {
  return {
    name: 'places',
    transform(code, id) {
      if (id.includes('/node_modules/')) return null;
      const path = relative(folder, id);
      return code
        .replaceAll('import.meta.url', `new URL(${JSON.stringify(path)}, import.meta.url).href`)
        .replaceAll('import.meta.dirname', `(import.meta.dirname + ${JSON.stringify(`/${dirname(path)}`)})`);
    },
  };
}

/** Their licences require that copies contain them. */
function licences(file) {
  return {
    name: 'licences',
    generateBundle(_options, bundle) {
      const modules = Object.values(bundle).flatMap((chunk) => chunk.moduleIds ?? []);
      const packages = new Set(modules.flatMap((id) => PACKAGE.exec(id)?.[0] ?? []));
      const texts = [...packages].sort().flatMap((folder) => {
        const name = readdirSync(folder).find((each) => /^licen[cs]e/i.test(each));
        return name === undefined
          ? []
          : [`${folder.split('node_modules/').at(-1)}\n\n${readFileSync(join(folder, name), 'utf8')}`];
      });
      this.emitFile({ type: 'asset', fileName: file, source: texts.join(`\n${'-'.repeat(80)}\n`) });
    },
  };
}
