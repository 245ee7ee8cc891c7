import 'reflect-metadata';
import type { INestApplicationContext } from '@nestjs/common';
import { loadConfig } from '../config/config.js';
import { readEnvironment } from '../config/environment.js';
import { createLog } from '../logging/log.js';
import { parseCommandLine, UsageError } from './command-line.js';
import { COMMANDS } from './commands.js';
import { failureLine } from './failure-line.js';

const EXIT_FAILED = 1;
const EXIT_USAGE = 2;

// What libraries find deprecated is nothing to whoever runs a command.
process.noDeprecation = true;

try {
  process.exitCode = await execute(process.argv.slice(2));
} catch (error) {
  console.error(failureLine(error));
  process.exitCode = error instanceof UsageError ? EXIT_USAGE : EXIT_FAILED;
}

async function execute(args: readonly string[]): Promise<number> {
  const line = await parseCommandLine(args, COMMANDS);
  if ('help' in line) {
    console.log(line.help);
    return 0;
  }
  const { parts } = line.command;
  const config = loadConfig(readEnvironment());
  const log = createLog(config);
  let opening: Promise<INestApplicationContext> | undefined;
  const answer = await line.command
    .run({
      options: line.options,
      argument: line.argument,
      config,
      log,
      service: async (type) => {
        if (parts === undefined) throw new Error(`${line.command.name} has no parts of the server`);
        opening ??= import('./services.js').then(({ openServices }) => openServices(config, log, parts));
        return (await opening).get(type, { strict: false });
      },
    })
    .then((done) => {
      // Before anything is closed, for what fails there must not swallow a key that is shown only once.
      console.log(line.isJson ? JSON.stringify(done.json) : done.text);
      return done;
    })
    .finally(async () => (await opening?.catch(() => undefined))?.close());
  if (answer.problem === undefined) return 0;
  console.error(failureLine(new Error(answer.problem)));
  return EXIT_FAILED;
}
