import { CommanderError } from 'commander';
import type { Call, Command, CommandLoaders } from './command.js';
import { createProgram } from './program.js';

/** A command line that cannot be parsed, or options that contradict each other. Exit code 2. */
export class UsageError extends Error {}

/** What a command line asks for: a text (help, the version, a completion script) or a command. */
export type CommandLine =
  | { readonly text: string }
  | {
      readonly command: Command;
      readonly argument: string;
      readonly options: Call['options'];
      readonly isJson: boolean;
    };

const SHOWS_ALL = new Set(['--help', '-h', 'completion']);

/**
 * Parses what follows `gatehouse`.
 * @throws UsageError
 */
export async function parseCommandLine(
  [first, ...rest]: readonly string[],
  commands: CommandLoaders,
): Promise<CommandLine> {
  const args = first === undefined ? [] : first === 'help' ? [...rest, '--help'] : [first, ...rest];
  const names = Object.keys(commands);
  const called = names.find((name) => name.split(' ').every((word, index) => args[index] === word));
  // Loading all of them takes longer than most commands, so only what shows them all does.
  const needed = called === undefined ? (args.some((arg) => SHOWS_ALL.has(arg)) ? names : []) : [called];
  const definitions = new Map(await Promise.all(needed.map(async (name) => [name, await commands[name]!()] as const)));

  let shown = '';
  let parsed: CommandLine | undefined;
  const program = createProgram(names, definitions, {
    run: (command, argument, { json, ...options }) =>
      (parsed = { command, argument, options: options as Call['options'], isJson: json === true }),
    show: (text) => (shown += text),
    refuse: (sentence) => {
      throw new UsageError(sentence);
    },
  });
  try {
    program.parse(args, { from: 'user' });
  } catch (error) {
    // How commander ends after help or the version.
    if (!(error instanceof CommanderError)) throw error;
  }
  return parsed ?? { text: shown.trimEnd() };
}
