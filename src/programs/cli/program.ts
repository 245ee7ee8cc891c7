import { styleText } from 'node:util';
import { Command as CommanderCommand, type CommanderError, Help, Option as CommanderOption } from 'commander';
import type { Command, Option } from './command.js';
import { completionScript, SHELLS } from './completion.js';
import { LAUNCHABLE } from './launchable.js';
import { serverVersion } from '../../core/config/version.js';

interface Outcome {
  run(command: Command, argument: string, options: Record<string, unknown>): void;
  /** Help, the version or a completion script. */
  show(text: string): void;
  refuse(sentence: string): never;
}

/**
 * Builds the tree of commands for commander.
 * @param names every command, so that a typo gets a suggestion
 * @param definitions the commands whose options are needed
 */
export function createProgram(
  names: readonly string[],
  definitions: ReadonlyMap<string, Command>,
  outcome: Outcome,
): CommanderCommand {
  const program = new CommanderCommand('gatehouse');
  program.configureOutput({ writeOut: (text) => outcome.show(text), writeErr: () => undefined });
  program.configureHelp({
    formatHelp: (command, help) =>
      Help.prototype.formatHelp.call(help, command, Object.assign(Object.create(help), { visibleCommands: leavesOf })),
    subcommandTerm: (command) => [pathOf(command), ...command.registeredArguments.map((each) => each.name())].join(' '),
    styleTitle: (title) => styleText('bold', title),
    styleSubcommandTerm: (term) => styleText('cyan', term),
    styleOptionTerm: (term) => styleText('cyan', term),
  });
  const refuseFor = (command: CommanderCommand) =>
    command.helpCommand(false).exitOverride((error) => {
      if (error.exitCode !== 0) outcome.refuse(sentenceOf(error, command));
      throw error;
    });
  refuseFor(program)
    .version(serverVersion(), '--version', 'print the version')
    .usage('COMMAND … [--json]')
    .addHelpText(
      'after',
      '\nWith --json, stdout is exactly one JSON document. "gatehouse COMMAND --help" lists its options.',
    );

  for (const { name, summary, flags } of LAUNCHABLE) {
    const command = refuseFor(program.command(name)).description(summary);
    for (const [flag, help] of Object.entries(flags)) command.option(flag, help);
  }
  for (const name of names) {
    const words = name.split(' ');
    const command = words.reduce(
      (parent, word) => parent.commands.find((each) => each.name() === word) ?? refuseFor(parent.command(word)),
      program,
    );
    const definition = definitions.get(name);
    if (definition !== undefined) define(command, definition, outcome);
  }
  refuseFor(program.command('completion'))
    .description('Print a script that completes commands and options in a shell.')
    .addArgument(program.createArgument('<SHELL>').choices(SHELLS))
    .action((shell) => outcome.show(completionScript(shell, program)));
  return program;
}

function define(command: CommanderCommand, definition: Command, outcome: Outcome): void {
  const options = Object.entries(definition.options).map(([name, option]) => ({
    name,
    kind: option.kind,
    flag: flagOf(name, option),
  }));
  command.description(definition.summary).usage(usageOf(definition));
  if (definition.argument !== undefined) command.argument(`<${definition.argument}>`);
  for (const { flag } of options) command.addOption(flag);
  command.option('--json', 'print one JSON document on stdout').action(() => {
    const given: Record<string, unknown> = command.opts();
    const values = options.map(({ name, kind, flag }) => {
      const value = given[flag.attributeName()];
      return [name, kind === 'flag' ? value === true : value];
    });
    outcome.run(definition, command.args[0] ?? '', { ...Object.fromEntries(values), json: given['json'] });
  });
}

function flagOf(name: string, option: Option): CommanderOption {
  if (option.kind === 'flag') return new CommanderOption(`--${name}`, option.help);
  const short = option.kind === 'text' && option.short !== undefined ? `-${option.short}, ` : '';
  const flag = new CommanderOption(`${short}--${name} <${option.placeholder}>`, option.help);
  if (option.kind === 'list') {
    flag.description += '; repeatable';
    return flag.argParser((value, before: string[] | undefined) => [...(before ?? []), value]);
  }
  if (option.choices) flag.choices(option.choices);
  return flag.makeOptionMandatory(option.isRequired === true);
}

/** Formats the usage, such as `ID --name NAME [--allow-ip CIDR]… [--json]`. */
function usageOf({ argument, options }: Command): string {
  const flags = Object.entries(options).map(([name, option]) => {
    const text = option.kind === 'flag' ? `--${name}` : `--${name} ${option.placeholder}`;
    if (option.kind === 'text' && option.isRequired) return text;
    return option.kind === 'list' ? `[${text}]…` : `[${text}]`;
  });
  return [...(argument === undefined ? [] : [argument]), ...flags, '[--json]'].join(' ');
}

/** Formats an error as one line with the problem and the correct usage. */
function sentenceOf({ code, message }: CommanderError, command: CommanderCommand): string {
  const [problem = '', suggestion = ''] = message.replace(/^error: /, '').split('\n');
  const path = pathOf(command);
  if (code === 'commander.help') {
    const commands = leavesOf(command).map(pathOf).join(', ');
    return path === ''
      ? `Which command? ${LISTED}`
      : `There is no command "${path}". Did you mean: ${commands}? ${LISTED}`;
  }
  if (code === 'commander.unknownCommand') {
    const hint = suggestion === '' ? '' : ` ${suggestion.slice(1, -1)}`;
    return `There is no command "${[path, command.args[0]].join(' ').trim()}".${hint} ${LISTED}`;
  }
  const reworded = rewordedProblem(problem);
  const sentence = `${reworded[0]!.toUpperCase()}${reworded.slice(1)}`.replace(/(?<!\.)$/, '.');
  return [sentence, suggestion.slice(1, -1), `Usage: ${command.createHelp().commandUsage(command)}`]
    .filter(Boolean)
    .join(' ');
}

function rewordedProblem(problem: string): string {
  const option = /^(?:required )?option '(?:-\w, )?(--[\w-]+)/.exec(problem)?.[1];
  if (option === undefined) return problem;
  if (problem.startsWith('required')) return `${option} is missing.`;
  const parts = problem.split('Allowed choices are');
  return parts.length === 1 ? problem : `${option} must be one of${parts.at(-1)}`;
}

const LISTED = '"gatehouse --help" lists them.';

/** Returns the runnable commands below this one. */
function leavesOf(command: CommanderCommand): CommanderCommand[] {
  return command.commands.flatMap((each) => (each.commands.length === 0 ? [each] : leavesOf(each)));
}

/** Returns the words of a command, such as `partner key create`. */
export function pathOf(command: CommanderCommand): string {
  return command.parent === null ? '' : `${pathOf(command.parent)} ${command.name()}`.trim();
}
