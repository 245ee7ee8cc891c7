import 'reflect-metadata';
import type { INestApplicationContext } from '@nestjs/common';
import { loadConfig } from '../../core/config/config.js';
import type { Environment } from '../../core/config/setting-reader.js';
import { createLog } from '../../core/logging/log.js';
import { parseCommandLine, UsageError } from './command-line.js';
import { COMMANDS } from './commands.js';
import { failureLine } from './failure-line.js';

const EXIT_FAILED = 1;
const EXIT_USAGE = 2;

/** `log` writes to stdout, `error` to stderr. */
export type Output = Pick<Console, 'log' | 'error'>;

/**
 * Runs a command line. Every failure is one line on stderr.
 * @returns the exit code: 0; 1 if the command failed or found a problem; 2 for a usage error
 */
export async function execute(
  args: readonly string[],
  readSettings: () => Environment,
  output: Output,
): Promise<number> {
  try {
    return await runCommand(args, readSettings, output);
  } catch (error) {
    output.error(failureLine(error));
    return error instanceof UsageError ? EXIT_USAGE : EXIT_FAILED;
  }
}

async function runCommand(args: readonly string[], readSettings: () => Environment, output: Output): Promise<number> {
  const line = await parseCommandLine(args, COMMANDS);
  if ('text' in line) {
    output.log(line.text);
    return 0;
  }
  const { parts } = line.command;
  const config = loadConfig(readSettings());
  const log = createLog(config);
  let opening: Promise<INestApplicationContext> | undefined;
  const answer = await line.command
    .run({
      options: line.options,
      argument: line.argument,
      config,
      log,
      progress: (text) => void (line.isJson || output.error(text)),
      service: async (type) => {
        if (parts === undefined) throw new Error(`${line.command.name} declares no services`);
        opening ??= import('./services.js').then(({ openServices }) => openServices(config, log, parts));
        return (await opening).get(type, { strict: false });
      },
    })
    .then((done) => {
      // Before closing anything: a failure to close must not lose a key that is shown only once.
      output.log(line.isJson ? JSON.stringify(done.json) : done.text);
      return done;
    })
    .finally(async () => (await opening?.catch(() => undefined))?.close());
  if (answer.problem === undefined) return 0;
  output.error(failureLine(new Error(answer.problem)));
  return EXIT_FAILED;
}
