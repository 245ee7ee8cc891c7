import { parseArgs, type ParseArgsOptionsConfig } from 'node:util';
import type { Call, Command, CommandLoaders, Option, Options } from './command.js';
import { manual, overview, usageLine } from './usage.js';

/** Called in a way that no command understands: exit code 2. */
export class UsageError extends Error {}

export type CommandLine =
  | { readonly help: string }
  | {
      readonly command: Command;
      readonly argument: string;
      readonly options: Call['options'];
      readonly isJson: boolean;
    };

const HELP = new Set(['--help', '-h']);

/**
 * Reads what follows `gatehouse`.
 * @throws UsageError
 */
export async function parseCommandLine(args: readonly string[], commands: CommandLoaders): Promise<CommandLine> {
  const found = await findCommand(args, commands);
  if ('help' in found) return found;
  const { command, rest } = found;
  if (rest.some((arg) => HELP.has(arg))) return { help: manual(command) };
  try {
    const { values, positionals } = parseArgs({
      args: rest,
      options: toParse(command.options),
      allowPositionals: true,
    });
    return {
      command,
      argument: argumentOf(command, positionals),
      options: checked(command.options, values),
      isJson: values['json'] === true,
    };
  } catch (error) {
    throw new UsageError(`${firstSentence(error as Error)} ${usageLine(command)}`);
  }
}

/** The command whose words come first, and what follows them. */
async function findCommand(
  args: readonly string[],
  commands: CommandLoaders,
): Promise<{ command: Command; rest: string[] } | { help: string }> {
  const firstOption = args.findIndex((arg) => arg.startsWith('-'));
  const words = firstOption === -1 ? [...args] : args.slice(0, firstOption);
  const names = Object.keys(commands);
  const called = names.find((name) => startsWith(words, name.split(' ')));
  if (called !== undefined) return { command: await commands[called]!(), rest: args.slice(called.split(' ').length) };
  const group = names.filter((name) => startsWith(name.split(' '), words));
  if (group.length > 0 && HELP.has(args[words.length] ?? '')) {
    return { help: overview(await Promise.all(group.map((name) => commands[name]!()))) };
  }
  if (words.length === 0) throw new UsageError('Which command? "gatehouse --help" lists them.');
  const hint = group.length > 0 ? ` Did you mean: ${group.join(', ')}?` : '';
  throw new UsageError(`There is no command "${words.join(' ')}".${hint} "gatehouse --help" lists them.`);
}

function startsWith(words: readonly string[], start: readonly string[]): boolean {
  return start.every((word, index) => words[index] === word);
}

function toParse(options: Options): ParseArgsOptionsConfig {
  const own = Object.entries(options).map(([name, option]) => [
    name,
    { type: option.kind === 'flag' ? 'boolean' : 'string', multiple: option.kind === 'list' },
  ]);
  return { ...Object.fromEntries(own), json: { type: 'boolean' } } as ParseArgsOptionsConfig;
}

function argumentOf({ argument }: Command, positionals: readonly string[]): string {
  const [first, ...more] = positionals;
  const surplus = argument === undefined ? first : more[0];
  if (surplus !== undefined) throw new Error(`"${surplus}" is one word too many.`);
  if (argument !== undefined && first === undefined) throw new Error(`${argument} is missing.`);
  return first ?? '';
}

function checked(options: Options, values: Record<string, unknown>): Call['options'] {
  return Object.fromEntries(
    Object.entries(options).map(([name, option]) => [name, checkedValue(name, option, values[name])]),
  ) as Call['options'];
}

function checkedValue(name: string, option: Option, value: unknown): unknown {
  if (option.kind === 'flag') return value === true;
  if (option.kind === 'list') return value;
  if (value === undefined && option.isRequired) throw new Error(`--${name} is missing.`);
  if (value !== undefined && option.choices && !option.choices.includes(value as string)) {
    throw new Error(`--${name} is one of ${option.choices.join(', ')}.`);
  }
  return value;
}

/** parseArgs goes on to explain how to write it otherwise, at length. */
function firstSentence({ message }: Error): string {
  return `${message.split(/[.\n]/, 1)[0]}.`;
}
