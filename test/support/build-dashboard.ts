import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import type { TestProject } from 'vitest/node';

const REPOSITORY = resolve(import.meta.dirname, '..', '..');

/** Builds the dashboard for the built server, unless the build has one. */
export async function setup(project: TestProject): Promise<void> {
  const bundler = join(REPOSITORY, 'node_modules', 'vite', 'bin', 'vite.js');
  const outDir = join(project.getProvidedContext().builtServer, 'dashboard');
  if (existsSync(outDir)) return;
  // The NODE_ENV of tests would make a development build.
  const env = { ...process.env, NODE_ENV: 'production' };
  const args = [bundler, 'build', 'dashboard', '--logLevel', 'warn', '--outDir', outDir];
  await promisify(execFile)(process.execPath, args, { cwd: REPOSITORY, env });
}
