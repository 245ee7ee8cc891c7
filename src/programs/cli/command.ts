import type { Abstract, Type } from '@nestjs/common';
import type { Config } from '../../core/config/config.js';
import type { EntityClass } from '../../core/database/data-source.js';
import type { Log } from '../../core/logging/log.js';

/** One option of a command, as `--help` shows it. */
export type Option =
  | {
      readonly kind: 'text';
      /** One letter, for `-f` beside `--file`. */
      readonly short?: string;
      readonly placeholder: string;
      readonly help: string;
      readonly isRequired?: boolean;
      readonly choices?: readonly string[];
    }
  /** May be given several times. */
  | { readonly kind: 'list'; readonly placeholder: string; readonly help: string }
  | { readonly kind: 'flag'; readonly help: string };

export type Options = Readonly<Record<string, Option>>;

/** The values that `run` gets in `options`; undefined if not given. */
export type OptionValues<O extends Options> = {
  readonly [Name in keyof O]: O[Name] extends { kind: 'flag' }
    ? boolean
    : O[Name] extends { kind: 'list' }
      ? readonly string[] | undefined
      : O[Name] extends { isRequired: true }
        ? string
        : string | undefined;
};

/** One use of a command. */
export interface Call<O extends Options = Options> {
  readonly options: OptionValues<O>;
  /** The positional argument; empty if the command has none. */
  readonly argument: string;
  readonly config: Config;
  readonly log: Log;
  /** Shows one line on stderr, except with `--json`. */
  readonly progress: (line: string) => void;
  /** Returns one of the command's services. The first use opens the database. */
  service<T>(type: Abstract<T>): Promise<T>;
}

/** The result of a command. */
export interface Answer {
  /** The whole of stdout with `--json`. */
  readonly json: object;
  /** The whole of stdout without `--json`. A new secret is alone on its last line. */
  readonly text: string;
  /** One line for stderr; exit code 1. For a command that ran and found a problem. */
  readonly problem?: string;
}

/** The parts of the server that a command loads, besides the database and the audit. */
export interface Parts {
  /** Those that the command calls, and their dependencies. */
  readonly services: readonly Type[];
  /** The tables that they use. */
  readonly entities: readonly EntityClass[];
}

export interface Command<O extends Options = Options> {
  /** The words that call it, such as `partner create`. */
  readonly name: string;
  readonly summary: string;
  /** The name of the positional argument; undefined if there is none. */
  readonly argument?: string;
  readonly options: O;
  /** Undefined for a command that opens the database itself. */
  readonly parts?: Parts;
  run(call: Call<O>): Promise<Answer>;
}

/** Loaders of commands, by name. */
export type CommandLoaders = Readonly<Record<string, () => Promise<Command>>>;

/** Defines a command, so that `run` gets its options typed. */
export function defineCommand<const O extends Options>(command: Command<O>): Command {
  // Sound because the parser makes the values from these options.
  return command as unknown as Command;
}
