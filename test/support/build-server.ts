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
 * Builds what the tests start as real processes, once. Into a folder of its own: `dist/` is emptied at every build, and
 * these tests start servers for minutes. `BUILT_SERVER` names another build: that of `npm test`, or one with a rule taken out.
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
