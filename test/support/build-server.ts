import { execFile } from 'node:child_process';
import { rm } from 'node:fs/promises';
import { resolve } from 'node:path';
import { promisify } from 'node:util';
import type { TestProject } from 'vitest/node';

declare module 'vitest' {
  interface ProvidedContext {
    /** Folder of the built server, laid out as `dist/` is. */
    builtServer: string;
  }
}

const REPOSITORY = resolve(import.meta.dirname, '..', '..');
const BUILD = resolve(REPOSITORY, '.data', 'faults', 'dist');

/**
 * Builds the server that tests start as processes, once per run. Uses a separate folder, because a build empties `dist/`
 * and these tests start servers for minutes. `BUILT_SERVER` selects another build, such as that of `npm test`.
 */
export async function setup(project: TestProject): Promise<void> {
  if (process.env['BUILT_SERVER'] === undefined) {
    await build();
    // The other projects of this run use the same build.
    process.env['BUILT_SERVER'] = BUILD;
  }
  project.provide('builtServer', resolve(process.env['BUILT_SERVER']));
}

async function build(): Promise<void> {
  await rm(BUILD, { recursive: true, force: true });
  const compiler = resolve(REPOSITORY, 'node_modules', 'typescript', 'bin', 'tsc');
  const options = ['-p', 'tsconfig.build.json', '--outDir', BUILD];
  await promisify(execFile)(process.execPath, [compiler, ...options], { cwd: REPOSITORY });
}
