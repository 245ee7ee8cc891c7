import type { Command, Option } from './command.js';

const COLUMN_WIDTH_MAX = 34;

/** Every command with its summary; the text of `gatehouse --help` and of `gatehouse partner --help`. */
export function overview(commands: readonly Command[]): string {
  const lines = commands.map((command) => [synopsis(command), command.summary] as const);
  return [
    'Usage: gatehouse COMMAND … [--json]',
    '',
    ...columns(lines),
    '',
    'With --json, stdout is exactly one JSON document. "gatehouse COMMAND --help" lists the options of one command.',
  ].join('\n');
}

/** One command with its options. */
export function manual(command: Command): string {
  const options = Object.entries(command.options).map(
    ([name, option]) => [`--${named(name, option)}`, describe(option)] as const,
  );
  return [
    usageLine(command),
    '',
    command.summary,
    '',
    ...columns([...options, ['--json', 'one JSON document on stdout'], ['--help', 'this text']]),
  ].join('\n');
}

/** `Usage: gatehouse partner create --name NAME [--allow-ip CIDR]… [--json]` */
export function usageLine(command: Command): string {
  const options = Object.entries(command.options).map(([name, option]) => {
    const text = `--${named(name, option)}`;
    if (option.kind === 'text' && option.isRequired) return text;
    return option.kind === 'list' ? `[${text}]…` : `[${text}]`;
  });
  return ['Usage: gatehouse', synopsis(command), ...options, '[--json]'].join(' ');
}

function synopsis({ name, argument }: Command): string {
  return argument === undefined ? name : `${name} ${argument}`;
}

function named(name: string, option: Option): string {
  return option.kind === 'flag' ? name : `${name} ${option.placeholder}`;
}

function describe(option: Option): string {
  if (option.kind === 'list') return `${option.help}; may be given several times`;
  if (option.kind === 'text' && option.choices) return `${option.help}: ${option.choices.join(', ')}`;
  return option.help;
}

function columns(lines: readonly (readonly [string, string])[]): string[] {
  const width = Math.min(COLUMN_WIDTH_MAX, Math.max(...lines.map(([left]) => left.length)));
  return lines.map(([left, right]) => `  ${left.padEnd(width)}  ${right}`);
}
