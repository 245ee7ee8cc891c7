import { stripVTControlCharacters } from 'node:util';
import { execute } from '../../src/programs/cli/execute.js';
import type { Environment } from '../../src/core/config/setting-reader.js';
import { FAST_LANE } from './fast-lane.js';
import { PATIENT } from './patience.js';

/** The exit code and output of a command. */
export interface CommandEnding {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a CLI command in this process. */
export async function gatehouse(settings: Environment, ...args: string[]): Promise<CommandEnding> {
  const said = { stdout: '', stderr: '' };
  const code = await execute(args, () => ({ ...FAST_LANE, ...PATIENT, ...settings }), {
    log: (text: string) => (said.stdout += `${text}\n`),
    error: (text: string) => (said.stderr += `${text}\n`),
  });
  // A run of the tests on a terminal forces colors.
  const [stdout, stderr] = [said.stdout, said.stderr].map(stripVTControlCharacters);
  return { code, stdout: stdout!, stderr: stderr! };
}
