import { execFile } from 'node:child_process';
import { join, sep } from 'node:path';
import { promisify } from 'node:util';
import type { Environment } from '../../core/config/setting-reader.js';
import { quote } from './curl.js';

const ROOT = join(import.meta.dirname, '..', '..', '..', '..');
const LAUNCHER = join(ROOT, 'src', 'programs', 'cli', 'launch.js');
/** How the reader of the transcript calls it: from an npm package, or in a clone. */
const COMMAND = ROOT.split(sep).includes('node_modules')
  ? ['npx', 'gatehouse']
  : ['npm', 'run', '-s', 'gatehouse', '--'];

/** Runs a CLI command with `--json`, prints the command and its output, and returns the output. */
export async function gatehouse(environment: Environment, ...args: string[]): Promise<Record<string, string>> {
  print(environment, [...args, '--json']);
  const answer = await ask<Record<string, string>>(environment, ...args);
  console.log(JSON.stringify(answer, undefined, 2));
  return answer;
}

/** Runs a CLI command as people do, and prints the command and its output. */
export async function showCommand(environment: Environment, ...args: string[]): Promise<void> {
  print(environment, args);
  console.log((await run(environment, args)).trimEnd());
}

/** Runs a CLI command with `--json` and returns its output, without printing. */
export async function ask<T>(environment: Environment, ...args: string[]): Promise<T> {
  return JSON.parse(await run(environment, [...args, '--json'])) as T;
}

function print(environment: Environment, args: readonly string[]): void {
  console.log(`DATA_DIR=${quote(environment['DATA_DIR']!)} ${[...COMMAND, ...args].map(quote).join(' ')}\n`);
}

async function run(environment: Environment, args: readonly string[]): Promise<string> {
  const { stdout } = await promisify(execFile)(process.execPath, [LAUNCHER, ...args], { env: { ...environment } });
  return stdout;
}
