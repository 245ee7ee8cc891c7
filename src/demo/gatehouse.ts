import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import type { Environment } from '../config/setting-reader.js';
import { quote } from './curl.js';

/** Runs a command of the CLI as an operator would, printing it and its answer, which is returned. */
export async function gatehouse(environment: Environment, ...args: string[]): Promise<Record<string, string>> {
  const words = ['run', '-s', 'gatehouse', '--', ...args, '--json'];
  console.log(`DATA_DIR=${quote(environment['DATA_DIR']!)} npm ${words.map(quote).join(' ')}\n`);
  const { stdout } = await promisify(execFile)('npm', words, { env: { ...environment } });
  const answer = JSON.parse(stdout) as Record<string, string>;
  console.log(JSON.stringify(answer, undefined, 2));
  return answer;
}
