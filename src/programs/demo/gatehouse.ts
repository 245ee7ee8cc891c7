import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import type { Environment } from '../../core/config/setting-reader.js';
import { quote } from './curl.js';

/** Runs a CLI command with `--json`, prints the command and its output, and returns the output. */
export async function gatehouse(environment: Environment, ...args: string[]): Promise<Record<string, string>> {
  console.log(`DATA_DIR=${quote(environment['DATA_DIR']!)} npm ${words(args).map(quote).join(' ')}\n`);
  const answer = await ask<Record<string, string>>(environment, ...args);
  console.log(JSON.stringify(answer, undefined, 2));
  return answer;
}

/** Runs a CLI command as people do, and prints the command and its output. */
export async function showCommand(environment: Environment, ...args: string[]): Promise<void> {
  console.log(
    `DATA_DIR=${quote(environment['DATA_DIR']!)} npm ${['run', '-s', 'gatehouse', '--', ...args].map(quote).join(' ')}\n`,
  );
  const { stdout } = await promisify(execFile)('npm', ['run', '-s', 'gatehouse', '--', ...args], {
    env: { ...environment },
  });
  console.log(stdout.trimEnd());
}

/** Runs a CLI command with `--json` and returns its output, without printing. */
export async function ask<T>(environment: Environment, ...args: string[]): Promise<T> {
  const { stdout } = await promisify(execFile)('npm', words(args), { env: { ...environment } });
  return JSON.parse(stdout) as T;
}

function words(args: readonly string[]): string[] {
  return ['run', '-s', 'gatehouse', '--', ...args, '--json'];
}
